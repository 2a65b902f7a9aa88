import { Queue } from 'bullmq';
import type { EventJob } from './event-job.ts';
import { queueName, queuePrefix, shardOf } from './names.ts';
import type { QueueRedis } from './open-redis.ts';
import { redisFault } from './redis-faults.ts';

/**
 * What became of a group of jobs. `unavailable`: Redis could not take any job just now, though some may have been
 * written; `failed`: one of them, or its command, was at fault.
 */
export type EnqueueOutcome =
  | { outcome: 'enqueued' }
  | { outcome: 'unavailable'; reason: string }
  | { outcome: 'failed'; error: unknown };

export type Producer = {
  /**
   * Adds jobs. It is not atomic over several jobs; each job is, and one that is there already is dropped in the same
   * step that would have added it, so that the same jobs can be added again after any outcome.
   */
  enqueue(jobs: readonly EventJob[]): Promise<EnqueueOutcome>;
  close(): Promise<void>;
};

/**
 * The attempts that BullMQ counts to. The worker decides when an event is a dead letter; this is only the bound at
 * which BullMQ would bury a job by itself, out of reach.
 */
const BULLMQ_ATTEMPTS = 1_000_000;

/** Sends BullMQ to the worker's own strategy for each wait. */
const WORKER_DECIDES = { type: 'worker' };

/** The stream of queue events is for looking on; Bull Board and our pages read the sets. */
const EVENT_STREAM_LENGTH = 1_000;

/**
 * Makes the producer of event jobs, over one queue for each shard.
 *
 * It neither waits for Redis nor checks its version: BullMQ's own check, when Redis is absent as the queue is made,
 * would make every later call fail. See `watchRedis`.
 */
export function createProducer({ client, connections, prefix, shards }: QueueRedis): Producer {
  const queues = Array.from({ length: shards }, (_, shard) => {
    const queue = new Queue(queueName(shard), {
      connection: client,
      prefix: queuePrefix(prefix, shard, connections.cluster),
      skipVersionCheck: true,
      skipWaitingForReady: true,
      streams: { events: { maxLen: EVENT_STREAM_LENGTH } },
    });
    // The connection is watched by its owner; each call reports its own error.
    queue.on('error', () => {});
    return queue;
  });

  async function addTo(queue: Queue, jobs: readonly EventJob[]): Promise<void> {
    await queue.addBulk(
      jobs.map(({ id, name, data }) => ({
        name,
        data,
        opts: { jobId: id, attempts: BULLMQ_ATTEMPTS, backoff: WORKER_DECIDES },
      })),
    );
  }

  return {
    async enqueue(jobs) {
      try {
        if (shards === 1) await addTo(queues[0]!, jobs);
        else {
          const groups = Map.groupBy(jobs, ({ data }) => shardOf(data.event.tenantId, shards));
          await Promise.all([...groups].map(([shard, group]) => addTo(queues[shard]!, group)));
        }
        return { outcome: 'enqueued' };
      } catch (error) {
        const reason = redisFault(error);
        return reason === undefined ? { outcome: 'failed', error } : { outcome: 'unavailable', reason };
      }
    },
    async close() {
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}
