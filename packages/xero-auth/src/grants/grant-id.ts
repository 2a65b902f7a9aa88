import { createHash, randomBytes } from 'node:crypto';

/**
 * The id of the grant that an access token belongs to: the same for every authorisation of one app by one Xero user, since
 * each covers everything that the user has connected. It does not reveal the user. If the token does not name its user, the
 * id is random.
 */
export function grantIdOf(clientId: string, accessToken: string): string {
  const userId = userIn(accessToken);
  const bytes =
    userId === undefined
      ? randomBytes(20)
      : createHash('sha256')
          .update(JSON.stringify([clientId, userId]))
          .digest()
          .subarray(0, 20);
  return bytes.toString('base64url');
}

/** The signature is not checked: the token comes directly from Xero's token endpoint. */
function userIn(accessToken: string): string | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims !== 'object' || claims === null) return undefined;
    const { xero_userid: xeroUser, sub } = claims as Record<string, unknown>;
    return [xeroUser, sub].find((claim) => typeof claim === 'string' && claim !== '') as string | undefined;
  } catch {
    return undefined;
  }
}
