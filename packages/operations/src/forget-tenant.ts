import { forgetBackfills } from '@xero-webhooks/backfill';
import type { Quarantine, QueueRedis } from '@xero-webhooks/queue';
import { removeTenantJobs } from '@xero-webhooks/queue';
import { forgetRecords } from '@xero-webhooks/record';
import { scanKeys } from '@xero-webhooks/runtime';
import { parsePayload } from '@xero-webhooks/webhook';
import { forgetApiUsage } from '@xero-webhooks/xero';
import type { ActOptions } from './act.ts';

/**
 * What was erased of an organisation. `active`: events that a worker has right now; they are left, and what protects them:
 * call it again. `kept`: bodies in quarantine that speak of other organisations too, or of nobody knows whom: they are left.
 */
export type Forgotten = {
  readonly jobs: number;
  readonly active: number;
  readonly records: number;
  readonly keys: number;
  readonly bodies: number;
  readonly kept: readonly string[];
};

/** Bodies in quarantine that are looked through. */
const MAX_BODIES = 100_000;

/**
 * Erases all that is stored of an organisation: events in queues, ledgers, records, what its reads have used, and bodies in
 * quarantine that are about it alone. Cut off in between, it does the rest when it is called again.
 *
 * Events that come meanwhile are not erased: disconnect the organisation first, so that Xero sends no more.
 */
export async function forgetTenant(
  redis: QueueRedis,
  quarantine: Quarantine,
  tenantId: string,
  options: ActOptions = {},
): Promise<Forgotten> {
  const { client, prefix } = redis;
  const tenant = tenantId.toLowerCase();
  // Before the jobs: a backfill that goes on would add others.
  await forgetBackfills(client, prefix, tenant);
  // Before the rest: without its ledger, a job that runs could run again.
  const { removed: jobs, active } = await removeTenantJobs(redis, tenant, options);
  const records = await forgetRecords(client, prefix, tenant);
  const keys = await eraseKeys(redis, tenant, active > 0);
  await forgetApiUsage(client, prefix, tenant);
  const { bodies, kept } = await forgetBodies(quarantine, tenant);
  return { jobs, active, records, keys, bodies, kept };
}

/** All keys of an organisation have it as their hash tag. Locks end by themselves, and may be held by an event at work. */
async function eraseKeys({ client, prefix }: QueueRedis, tenant: string, isAtWork: boolean): Promise<number> {
  const root = `${prefix}:{${tenant}}:`;
  const stays = isAtWork ? [`${root}lock:`, `${root}turns:`, `${root}e:`] : [`${root}lock:`];
  let erased = 0;
  for await (const keys of scanKeys(client, root)) {
    const going = keys.filter((key) => !stays.some((start) => key.startsWith(start)));
    if (going.length > 0) erased += await client.unlink(going);
  }
  return erased;
}

async function forgetBodies(quarantine: Quarantine, tenant: string): Promise<{ bodies: number; kept: string[] }> {
  let bodies = 0;
  const kept: string[] = [];
  for (const { id } of await quarantine.list(MAX_BODIES)) {
    const entry = await quarantine.read(id);
    switch (entry && aboutWhom(entry.body, tenant)) {
      case 'alone':
        if (await quarantine.drop(id)) bodies++;
        break;
      case 'among others':
        kept.push(id);
        break;
      case 'not':
      case undefined:
    }
  }
  return { bodies, kept };
}

function aboutWhom(body: Uint8Array, tenant: string): 'alone' | 'among others' | 'not' {
  if (!Buffer.from(body).toString('latin1').toLowerCase().includes(tenant)) return 'not';
  const payload = parsePayload(body);
  if (payload.outcome !== 'events' || payload.unreadable.length > 0) return 'among others';
  return payload.events.every(({ event }) => event.tenantId.toLowerCase() === tenant) ? 'alone' : 'among others';
}
