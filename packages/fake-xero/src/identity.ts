import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { READ_SCOPES } from '@xero-webhooks/webhook';
import type { Answer } from './answer.ts';
import { empty, json, oauthError, text } from './answer.ts';
import type { Call } from './call.ts';
import type { Connections } from './connections.ts';
import type { Grant, Tokens, TokenSet } from './tokens.ts';
import type { FakeClient, FakeUser } from './world.ts';

const CODE_LIFETIME_MS = 5 * 60_000;
const DEFAULT_SCOPE = ['openid', ...READ_SCOPES, 'offline_access'].join(' ');

/** What the user does on the consent page. */
export type Consent =
  | { readonly denied: true }
  | {
      readonly denied?: false;
      /** @defaultValue the first user */
      readonly userId?: string;
      /** @defaultValue all of the user's */
      readonly tenantIds?: readonly string[];
    };

type Code = { grant: Grant; redirectUri: string; challenge: string | undefined; expiresAt: number };

type Dependencies = {
  now: () => number;
  clients: readonly FakeClient[];
  users: readonly FakeUser[];
  connections: Connections;
  tokens: Tokens;
};

/** Xero's login and token endpoints, without a login page: `consent` says what the user does. */
export function createIdentity({ now, clients, users, connections, tokens }: Dependencies) {
  const codes = new Map<string, Code>();
  let consent: Consent = {};

  for (const { clientId, customConnectionTenantId } of clients) {
    if (customConnectionTenantId !== undefined) {
      connections.add({ clientId }, randomUUID(), [customConnectionTenantId]);
    }
  }

  const connect = (
    clientId: string,
    scope: string,
    { userId, tenantIds }: Exclude<Consent, { denied: true }>,
  ): Grant => {
    const user = userId === undefined ? users[0] : users.find((each) => each.userId === userId);
    if (!user) throw new RangeError(userId === undefined ? 'there are no users' : `unknown user ${userId}`);
    const grant = { clientId, userId: user.userId, authEventId: randomUUID(), scope };
    const chosen = user.tenantIds.filter((tenantId) => tenantIds?.includes(tenantId) ?? true);
    connections.add(grant, grant.authEventId, chosen);
    return grant;
  };

  return {
    setConsent(next: Consent): void {
      consent = next;
    },

    /** The result of an authorisation with this consent, without a browser. */
    grant(clientId: string, given: Exclude<Consent, { denied: true }>): TokenSet {
      return tokens.issue(connect(clientId, DEFAULT_SCOPE, given));
    },

    /** `GET /identity/connect/authorize` */
    authorize({ query }: Call): Answer {
      const client = clients.find(({ clientId }) => clientId === query.get('client_id'));
      const redirectUri = query.get('redirect_uri') ?? '';
      if (!client) return text(400, 'unauthorized_client: unknown client_id');
      if (!mayRedirect(client, redirectUri)) return text(400, 'unauthorized_client: invalid redirect_uri');
      const state = query.get('state');
      const back = (parameters: Record<string, string>): Answer => {
        const location = new URL(redirectUri);
        const all = { ...parameters, ...(state !== null && { state }) };
        for (const [name, value] of Object.entries(all)) location.searchParams.set(name, value);
        return empty(302, { location: location.href });
      };

      const challenge = query.get('code_challenge') ?? undefined;
      if (query.get('response_type') !== 'code') return back({ error: 'unsupported_response_type' });
      if (challenge === undefined && client.clientSecret === undefined) return back({ error: 'invalid_request' });
      if (challenge !== undefined && query.get('code_challenge_method') !== 'S256') {
        return back({ error: 'invalid_request' });
      }
      if (consent.denied) return back({ error: 'access_denied' });

      const scope = query.get('scope') ?? '';
      const code = randomBytes(32).toString('base64url');
      const grant = connect(client.clientId, scope, consent);
      codes.set(code, { grant, redirectUri, challenge, expiresAt: now() + CODE_LIFETIME_MS });
      return back({ code, scope });
    },

    /** `POST /connect/token` */
    token(call: Call): Answer {
      const form = new URLSearchParams(call.body);
      const client = authenticate(clients, call, form);
      if (!client) return oauthError('invalid_client');
      const answer = (set: TokenSet | undefined): Answer =>
        set ? json(200, set, { 'cache-control': 'no-store' }) : oauthError('invalid_grant');

      switch (form.get('grant_type')) {
        case 'authorization_code': {
          const grant = redeem(client, form);
          return answer(grant && tokens.issue(grant));
        }
        case 'refresh_token':
          return answer(tokens.refresh(client.clientId, form.get('refresh_token') ?? ''));
        case 'client_credentials': {
          if (client.customConnectionTenantId === undefined) return oauthError('unauthorized_client');
          const scope = (form.get('scope') ?? DEFAULT_SCOPE).split(' ').filter((word) => word !== 'offline_access');
          return answer(tokens.issue({ clientId: client.clientId, authEventId: randomUUID(), scope: scope.join(' ') }));
        }
        default:
          return oauthError('unsupported_grant_type');
      }
    },

    /** `POST /connect/revocation`, which answers the same whether or not the token exists (RFC 7009, 2.2). */
    revocation(call: Call): Answer {
      const form = new URLSearchParams(call.body);
      const client = authenticate(clients, call, form);
      if (!client) return oauthError('invalid_client');
      const grant = tokens.revoke(client.clientId, form.get('token') ?? '');
      if (grant) connections.removeAll(grant);
      return empty(200);
    },
  };

  function redeem(client: FakeClient, form: URLSearchParams): Grant | undefined {
    const name = form.get('code') ?? '';
    const code = codes.get(name);
    if (!code || code.grant.clientId !== client.clientId) return undefined;
    codes.delete(name);
    if (code.expiresAt <= now() || code.redirectUri !== form.get('redirect_uri')) return undefined;
    const verifier = form.get('code_verifier');
    if (code.challenge === undefined) return code.grant;
    return verifier !== null && challengeOf(verifier) === code.challenge ? code.grant : undefined;
  }
}

/** Identifies the app by the header `Authorization: Basic` or by the form. */
function authenticate(clients: readonly FakeClient[], call: Call, form: URLSearchParams): FakeClient | undefined {
  const basic = /^Basic (.+)$/i.exec(call.headers.authorization ?? '')?.[1];
  const [id, secret] =
    basic === undefined
      ? [form.get('client_id'), form.get('client_secret') ?? undefined]
      : separate(Buffer.from(basic, 'base64').toString('utf8'));
  const client = clients.find(({ clientId }) => clientId === id);
  return client && client.clientSecret === secret ? client : undefined;
}

function separate(credentials: string): [id: string, secret: string] {
  const colon = credentials.indexOf(':');
  return [credentials.slice(0, colon), credentials.slice(colon + 1)];
}

function mayRedirect({ redirectUris }: FakeClient, redirectUri: string): boolean {
  if (redirectUris) return redirectUris.includes(redirectUri);
  const host = URL.canParse(redirectUri) ? new URL(redirectUri).hostname : '';
  return ['localhost', '127.0.0.1', '[::1]'].includes(host);
}

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
