import { contentsOfRedis } from '@xero-webhooks/testing';
import { Cluster } from 'ioredis';
import type { QueueRedis } from '../open-redis.ts';

/**
 * What Redis holds under a prefix, by the rest of each key, without what differs between two queues after the same steps:
 * the ids of a stream's entries, which are times, and a job's own id where BullMQ repeats it in the job's options.
 */
export async function comparableContents({ client, prefix }: QueueRedis): Promise<Record<string, unknown>> {
  const servers = client instanceof Cluster ? client.nodes('master') : [client];
  const contents = await Promise.all(servers.map((server) => contentsOfRedis(server, prefix)));
  return Object.fromEntries(
    contents.flatMap((ofOne) => [...ofOne]).map(([key, value]) => [key.replace(prefix, ''), comparable(value)]),
  );
}

function comparable(value: unknown): unknown {
  if (Array.isArray(value) && Array.isArray(value[0])) return value.map(([, fields]) => fields as unknown);
  if (typeof value !== 'object' || value === null || !('opts' in value)) return value;
  const { jobId: _repeated, ...opts } = JSON.parse(String(value.opts)) as Record<string, unknown>;
  return { ...value, opts };
}
