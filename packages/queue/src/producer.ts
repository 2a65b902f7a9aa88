import type { Recorder } from '@xero-webhooks/record';
import { NO_RECORDER } from '@xero-webhooks/record';
import type { RedisClient } from '@xero-webhooks/runtime';
import type { EventJob } from './event-job.ts';
import { queuePrefix, shardOf } from './names.ts';
import type { EventQueue } from './open-queue.ts';
import { openQueue } from './open-queue.ts';
import type { QueueRedis } from './open-redis.ts';
import { recordedEvent } from './recorded-event.ts';
import { redisFault } from './redis-faults.ts';
import type { ReplicaRequirement } from './replicas.ts';
import { createReplicaCheck, NO_REPLICAS, TOO_FEW_REPLICAS } from './replicas.ts';

/**
 * The outcome for a group of jobs. `unavailable`: Redis cannot take jobs now, or too few replicas have them; some may have
 * been written. `failed`: one of the jobs, or its command, is at fault.
 */
export type EnqueueOutcome =
  | { outcome: 'enqueued' }
  | { outcome: 'unavailable'; reason: string }
  | { outcome: 'failed'; error: unknown };

export type Producer = {
  /**
   * Adds jobs. Each is added atomically, but not all together. The step that adds a job drops it if the queue already has
   * it, so the same jobs can be added again after any outcome.
   */
  enqueue(jobs: readonly EventJob[]): Promise<EnqueueOutcome>;
  close(): Promise<void>;
};

/**
 * The worker decides when an event is a dead letter. BullMQ would decide by itself at this many attempts, so the number
 * must be out of reach.
 */
const BULLMQ_ATTEMPTS = 1_000_000;

/** Lets the worker's own strategy decide each wait. */
const WORKER_DECIDES = { type: 'worker' };

/** Nothing depends on the stream of queue events: Bull Board and our pages read the sets. */
const EVENT_STREAM_LENGTH = 1_000;

/**
 * How many connections groups go over. Redis reads at most 16 kB from each before it confirms what it has read, which with
 * `appendfsync always` waits for the disk: two connections share that wait.
 */
const LANES = 2;

/** A connection, and the queues over it. */
type Lane = {
  readonly client: RedisClient;
  readonly queues: readonly EventQueue[];
  /** Whether enough replicas have the writes of this connection. Another may lead to another server by now. */
  readonly onReplicas: (mark: string) => Promise<boolean>;
  busy: number;
};

/**
 * Adds event jobs to the queues of all shards.
 *
 * @param replicas how many replicas must have the jobs as well, asked once for each group @defaultValue none
 * @param recorder told of what Redis has confirmed @defaultValue nothing is recorded
 */
export function createProducer(
  redis: QueueRedis,
  replicas: ReplicaRequirement = NO_REPLICAS,
  recorder: Recorder = NO_RECORDER,
): Producer {
  const { client, connections, prefix, shards } = redis;
  const lanes = Array.from({ length: LANES }, (_, number) =>
    // The first is the watched connection.
    openLane(redis, number === 0 ? client : connections.forRequests(`xw-producer-${number}`), replicas),
  );

  async function addTo(queue: EventQueue, jobs: readonly EventJob[]): Promise<void> {
    await queue.addBulk(
      jobs.map(({ id, name, data }) => ({
        name,
        data,
        opts: { jobId: id, attempts: BULLMQ_ATTEMPTS, backoff: WORKER_DECIDES },
      })),
    );
  }

  /** The least busy connection that is ready: after an outage, one may be back before the other. */
  function freeLane(): Lane {
    const connected = lanes.filter((lane) => lane.client.status === 'ready');
    return (connected.length > 0 ? connected : lanes).reduce((best, lane) => (lane.busy < best.busy ? lane : best));
  }

  /** Adds jobs to their queues. @returns whether enough replicas have them */
  async function add(jobs: readonly EventJob[], { queues, onReplicas }: Lane): Promise<boolean> {
    const areOnReplicas = (shard: number): Promise<boolean> =>
      onReplicas(`${queuePrefix(prefix, shard, connections.cluster)}:replicated`);
    const groups = Map.groupBy(jobs, ({ data }) => shardOf(data.event.tenantId, shards));
    const [first = 0] = groups.keys();
    const added = await Promise.all(
      [...groups].map(async ([shard, group]) => {
        await addTo(queues[shard]!, group);
        return connections.cluster ? areOnReplicas(shard) : true;
      }),
    );
    return connections.cluster ? !added.includes(false) : areOnReplicas(first);
  }

  return {
    async enqueue(jobs) {
      const lane = freeLane();
      lane.busy++;
      try {
        if (!(await add(jobs, lane))) return { outcome: 'unavailable', reason: TOO_FEW_REPLICAS };
        if (recorder.hasRoom()) recorder.received(jobs.map(recordedEvent));
        return { outcome: 'enqueued' };
      } catch (error) {
        const reason = redisFault(error);
        return reason === undefined ? { outcome: 'failed', error } : { outcome: 'unavailable', reason };
      } finally {
        lane.busy--;
      }
    },
    async close() {
      await Promise.all(lanes.flatMap(({ queues }) => queues).map((queue) => queue.close()));
      for (const lane of lanes) if (lane.client !== client) lane.client.disconnect();
    },
  };
}

function openLane(redis: QueueRedis, client: RedisClient, replicas: ReplicaRequirement): Lane {
  const queues = Array.from({ length: redis.shards }, (_, shard) =>
    openQueue({ ...redis, client }, shard, { streams: { events: { maxLen: EVENT_STREAM_LENGTH } } }),
  );
  return { client, queues, onReplicas: createReplicaCheck(client, replicas), busy: 0 };
}
