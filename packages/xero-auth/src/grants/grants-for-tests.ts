import type { Log } from '@xero-webhooks/runtime';
import type { FakeXero, FakeXeroOptions, GrantOptions } from '@xero-webhooks/fake-xero';
import { createClock, startFakeXero } from '@xero-webhooks/fake-xero';
import type { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import type { Identity, IdentityOptions } from '../identity/identity.ts';
import { createIdentity } from '../identity/identity.ts';
import { readTokenSet } from '../identity/token-set.ts';
import { grantIdOf } from './grant-id.ts';
import type { GrantStore, GrantTokens } from './grant-store.ts';
import { createGrantStore } from './grant-store.ts';
import type { GrantTokensOptions } from './grant-tokens.ts';
import { createGrantTokens } from './grant-tokens.ts';
import type { Organisations } from './organisations.ts';
import { createOrganisations } from './organisations.ts';

/** Where the fake's clock stands until a test moves it. */
export const NOON = Date.UTC(2026, 10, 23, 12);
export const MINUTE_MS = 60_000;
export const KEY = Buffer.alloc(32, 'first key').toString('base64');
export const OTHER_KEY = Buffer.alloc(32, 'other key').toString('base64');
export const never: AbortSignal = new AbortController().signal;

/** A line of a log, with its words under `msg`. */
export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

/** A log that keeps its lines. */
export function recordingLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const at =
    (level: string) =>
    (fields: object, msg: string): void =>
      void lines.push({ level, msg, ...fields });
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') } as unknown as Log;
  return { log, lines };
}

export type GrantSystem = {
  readonly xero: FakeXero;
  readonly client: Redis;
  readonly prefix: string;
  readonly identity: Identity;
  readonly store: GrantStore;
  readonly organisations: Organisations;
  readonly lines: readonly Line[];
  readonly log: Log;
  /** A source of tokens as another process would have it. */
  source(options?: Partial<GrantTokensOptions>): ReturnType<typeof createGrantTokens>;
  identityWith(options: Partial<IdentityOptions>): Identity;
  /** Connects as the connect page would, and returns the grant's id and its first token set. */
  connect(words?: GrantOptions): Promise<{ grantId: string; tokens: GrantTokens }>;
  /** Which token set of a grant is stored. */
  version(grantId: string): Promise<string>;
  /** How often the fake was asked for tokens. */
  tokenCalls(): number;
};

/** A fake Xero whose time stands still until a test moves it, and what keeps its grants in the tests' Redis. */
export async function grantSystem(options: FakeXeroOptions = {}): Promise<GrantSystem> {
  const xero = await startFakeXero({ clock: createClock({ stoppedAt: NOON }), ...options });
  onTestFinished(xero.stop);
  const { now } = xero.clock;
  const client = testClient();
  const prefix = testPrefix();
  const store = createGrantStore({ client, prefix, encryptionKeys: [KEY], now });
  const organisations = createOrganisations(client, prefix);
  const { log, lines } = recordingLog();
  const identityWith = (words: Partial<IdentityOptions>): Identity =>
    createIdentity({ url: xero.url, clientId: 'demo-app', clientSecret: 'demo-secret', now, ...words });
  const identity = identityWith({});

  return {
    xero,
    client,
    prefix,
    identity,
    store,
    organisations,
    lines,
    log,
    identityWith,
    source: (words = {}) => createGrantTokens({ client, prefix, encryptionKeys: [KEY], identity, log, now, ...words }),
    async connect(words = {}) {
      const tokens = readTokenSet(xero.grant(words), now()) as GrantTokens;
      const grantId = grantIdOf('demo-app', tokens.accessToken);
      await store.replace(grantId, tokens);
      const listed = xero.organisations.filter(({ tenantId }) => words.tenantIds?.includes(tenantId) ?? true);
      await organisations.point(
        grantId,
        listed.map(({ tenantId, name }) => ({
          tenantId,
          name,
          grantId,
          connectionId: `c-${name}`,
          connectedAt: now(),
        })),
      );
      return { grantId, tokens };
    },
    async version(grantId) {
      const grant = await store.read(grantId);
      if (grant.state === 'absent') throw new Error('there is no token set');
      return grant.version;
    },
    tokenCalls: () => xero.calls().filter(({ path }) => path === '/connect/token').length,
  };
}
