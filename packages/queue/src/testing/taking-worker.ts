import { Worker } from 'bullmq';
import { expect, onTestFinished } from 'vitest';
import { endJobsTogether } from '../bullmq-scripts/end-jobs.ts';
import type { EventJobData } from '../event-job.ts';
import { queueName, queuePrefix } from '../names.ts';
import type { QueueRedis } from '../open-redis.ts';

/**
 * BullMQ's worker, which only takes jobs when told, and its connection.
 *
 * @param together whether jobs that end in one turn of the event loop share a script
 */
export async function takingWorker(redis: QueueRedis, shard: number, together: boolean) {
  const client = redis.connections.forWorker('test');
  if (together) expect(endJobsTogether(client)).toBe(true);
  const worker = new Worker<EventJobData>(queueName(shard), null, {
    connection: client,
    prefix: queuePrefix(redis.prefix, shard, redis.connections.cluster),
    autorun: false,
    skipVersionCheck: true,
    removeOnComplete: { age: 1_000, count: 3 },
  });
  onTestFinished(async () => {
    await worker.close(true);
    client.disconnect();
  });
  await worker.waitUntilReady();
  return { client, worker };
}
