import type { workerVariables } from '@xero-webhooks/configuration/worker';
import type { OrganisationsRead } from '@xero-webhooks/monitoring';
import { listTenants } from '@xero-webhooks/operations';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { ConfigOf } from '@xero-webhooks/runtime';
import { readApiUsage } from '@xero-webhooks/xero';

/** Makes what reads how the organisations are, for who watches them. */
export function createReadOrganisations(
  config: ConfigOf<typeof workerVariables>,
  redis: QueueRedis,
): () => Promise<OrganisationsRead> {
  const { TOKEN_ENCRYPTION_KEY: encryptionKeys, XERO_DAY_LIMIT: perDay, XERO_DAY_RESERVE: dayReserve } = config;
  return async () => {
    const [tenants, usage] = await Promise.all([
      listTenants(redis, { encryptionKeys, limits: { perDay, dayReserve } }),
      readApiUsage(redis.client, redis.prefix, new Date()),
    ]);
    return { tenants, usage };
  };
}
