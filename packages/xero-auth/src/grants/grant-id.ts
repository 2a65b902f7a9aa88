import { createHash, randomBytes } from 'node:crypto';

/**
 * Names the grant that an access token belongs to: the same for every authorisation by one Xero user for one app, since
 * each covers everything that the user has connected. It does not tell who the user is. Where the token does not say, the
 * name is a random one.
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

/** Reads a claim of a token that has just come from Xero's token endpoint itself: nobody's signature is needed for it. */
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
