import type { Answer } from './answer.ts';
import { problem } from './answer.ts';
import type { Call } from './call.ts';
import type { Connections } from './connections.ts';
import type { Grant, Tokens } from './tokens.ts';

export type Authorisation<What> =
  | ({ readonly allowed: true } & What)
  | { readonly allowed: false; readonly answer: Answer };

/** The grant of a call's access token. */
export function grantOf(tokens: Tokens, call: Call): Authorisation<{ readonly grant: Grant }> {
  const token = /^Bearer (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const checked = tokens.check(token ?? '');
  switch (checked.state) {
    case 'valid':
      return { allowed: true, grant: checked.grant };
    case 'expired': {
      const when = new Date(checked.expiredAt).toISOString().slice(0, 19).replace('T', ' ');
      return unauthorized(`TokenExpired: token expired at ${when}`);
    }
    case 'unknown':
      return unauthorized('AuthenticationUnsuccessful');
  }
}

/** The organisation that a call asks for. Only a custom connection, which has just one, may leave it out. */
export function askedOrganisation(tokens: Tokens, connections: Connections, call: Call): string | undefined {
  const header = call.headers['xero-tenant-id'];
  if (typeof header === 'string') return header;
  const authorised = grantOf(tokens, call);
  if (!authorised.allowed || authorised.grant.userId !== undefined) return undefined;
  return connections.of(authorised.grant)[0]?.tenantId;
}

/** Whether a grant covers the organisation that a call asks for. */
export function organisationOf(
  connections: Connections,
  grant: Grant,
  tenantId: string | undefined,
): Authorisation<{ readonly tenantId: string }> {
  if (tenantId !== undefined && connections.covers(grant, tenantId)) return { allowed: true, tenantId };
  return { allowed: false, answer: problem(403, 'Forbidden', 'AuthenticationUnsuccessful') };
}

function unauthorized(detail: string): Authorisation<never> {
  return { allowed: false, answer: problem(401, 'Unauthorized', detail) };
}
