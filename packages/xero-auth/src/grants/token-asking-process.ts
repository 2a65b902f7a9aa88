import { createLogger, createRedisConnections } from '@xero-webhooks/runtime';
import { createIdentity } from '../identity/identity.ts';
import { createGrantTokens } from './grant-tokens.ts';

// For tests: a process that asks for the token of each organisation when told to, as workers do.
const { REDIS_URL, PREFIX, XERO_URL, KEY, TENANTS, AHEAD_MS } = process.env as Record<string, string>;
const now = (): number => Date.now() + Number(AHEAD_MS);
const log = createLogger('test', 'info');
const client = createRedisConnections({
  REDIS_URL: REDIS_URL!,
  REDIS_SENTINELS: undefined,
  REDIS_SENTINEL_NAME: undefined,
  REDIS_CLUSTER: undefined,
}).forWorker('test');
const source = createGrantTokens({
  client,
  prefix: PREFIX!,
  encryptionKeys: [KEY!],
  identity: createIdentity({ url: XERO_URL!, clientId: 'demo-app', clientSecret: 'demo-secret', now }),
  log,
  now,
});

await client.incr(`${PREFIX}:ready`);
await client.blpop(`${PREFIX}:turns`, 30);
const { signal } = new AbortController();
const answers = await Promise.all(TENANTS!.split(',').map((tenantId) => source.tokenOf(tenantId, { signal })));
log.info({ answers }, 'answered');
client.disconnect();
