import { createHash } from 'node:crypto';
import { READ_SCOPES } from '@xero-webhooks/handlers';
import type { RedisClient } from '@xero-webhooks/runtime';
import { createGrantStore } from '../grants/grant-store.ts';
import { createOrganisations } from '../grants/organisations.ts';
import type { Identity } from '../identity/identity.ts';
import type { TokenSource } from '../tokens/token-source.ts';
import type { Completed } from './complete-authorisation.ts';
import { createCompleteAuthorisation } from './complete-authorisation.ts';
import { createConnections } from './connections.ts';
import type { Disconnected } from './disconnect.ts';
import { createDisconnect } from './disconnect.ts';
import { createPendingAuthorisations } from './pending.ts';

/** Connects and disconnects organisations. Its functions throw what Redis throws. */
export type Connect = {
  /**
   * @param redirectUri where Xero sends the user afterwards; it must be listed in the developer portal
   * @returns the address to send the user to, and the state to bind to the user's browser
   */
  begin(redirectUri: string): Promise<{ readonly url: string; readonly state: string }>;
  /** Takes what Xero sent along with the user. Works once for each state. */
  complete(state: string, code: string): Promise<Completed>;
  disconnect(tenantId: string): Promise<Disconnected>;
};

export type ConnectOptions = {
  client: RedisClient;
  prefix: string;
  /** TOKEN_ENCRYPTION_KEY: 32 bytes in base64 each, the first encrypts, any decrypts. */
  encryptionKeys: readonly string[];
  identity: Identity;
  /** From `createGrantTokens`. */
  tokens: TokenSource;
  /** XERO_API_URL and XERO_LOGIN_URL. */
  apiUrl: string;
  loginUrl: string;
  /** XERO_SCOPES. @defaultValue READ_SCOPES */
  scopes?: string | undefined;
  /** Milliseconds since 1970. @defaultValue the machine's time */
  now?: () => number;
};

/** Without it Xero gives no refresh token, and access ends after half an hour. */
const OFFLINE = 'offline_access';

/** The authorisation code flow with PKCE (https://www.rfc-editor.org/rfc/rfc7636) behind the connect page. */
export function createConnect(options: ConnectOptions): Connect {
  const { client, prefix, encryptionKeys, identity, tokens, apiUrl, loginUrl, now = Date.now } = options;
  const scopes = new Set([OFFLINE, ...(options.scopes?.split(/\s+/) ?? READ_SCOPES)]);
  const store = createGrantStore({ client, prefix, encryptionKeys, now });
  const organisations = createOrganisations(client, prefix);
  const pending = createPendingAuthorisations(client, prefix, encryptionKeys);
  const connections = createConnections(apiUrl);

  return {
    async begin(redirectUri) {
      const { state, verifier } = await pending.begin(redirectUri);
      const query = new URLSearchParams({
        response_type: 'code',
        client_id: identity.clientId,
        redirect_uri: redirectUri,
        scope: [...scopes].join(' '),
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      });
      return { url: `${loginUrl}/identity/connect/authorize?${query.toString()}`, state };
    },
    complete: createCompleteAuthorisation({ pending, identity, connections, store, organisations, now }),
    disconnect: createDisconnect({ tokens, identity, connections, store, organisations }),
  };
}
