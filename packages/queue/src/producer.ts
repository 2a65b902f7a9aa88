import type { Recorder } from '@xero-webhooks/record';
import { NO_RECORDER } from '@xero-webhooks/record';
import type { Log, RedisClient } from '@xero-webhooks/runtime';
import type { AddJobs } from './bullmq-scripts/add-jobs.ts';
import { bindAddJobs } from './bullmq-scripts/add-jobs.ts';
import type { Crowding } from './crowding.ts';
import { NO_CROWDING } from './crowding.ts';
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
 * The outcome for a group of jobs. `duplicates` are those that the queue had already, if there are any and it can tell.
 * `unavailable`: Redis cannot take jobs now, or too few replicas have them; some may have been written. `failed`: one of the
 * jobs, or its command, is at fault.
 */
export type EnqueueOutcome =
  | { outcome: 'enqueued'; duplicates?: readonly EventJob[] }
  | { outcome: 'unavailable'; reason: string }
  | { outcome: 'failed'; error: unknown };

export type Producer = {
  /**
   * Adds jobs. Each is added atomically, but not necessarily all together. The step that adds a job drops it if the queue
   * already has it, so the same jobs can be added again after any outcome.
   */
  enqueue(jobs: readonly EventJob[]): Promise<EnqueueOutcome>;
  close(): Promise<void>;
};

/**
 * The worker decides when an event is a dead letter, and each wait. BullMQ would decide by itself at this many attempts, so
 * the number must be out of reach.
 */
const JOB_OPTIONS = { attempts: 1_000_000, backoff: { type: 'worker' } };

/** Jobs without a priority go before these, and these before what a backfill brings: nobody waits for that. */
const CROWDED_OPTIONS = { ...JOB_OPTIONS, priority: 1 };
const BACKFILL_OPTIONS = { ...JOB_OPTIONS, priority: 2 };

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
  readonly addJobs: AddJobs;
  /** Adds those of organisations that have many, behind the others. */
  readonly addCrowded: AddJobs;
  /** Adds what a backfill found, behind all others. */
  readonly addBackfill: AddJobs;
  /** Whether enough replicas have the writes of this connection. Another may lead to another server by now. */
  readonly onReplicas: (mark: string) => Promise<boolean>;
  busy: number;
};

export type ProducerOptions = {
  /** How many replicas must have the jobs as well, asked once for each group. @defaultValue none */
  replicas?: ReplicaRequirement;
  /** Told of what Redis has confirmed. @defaultValue nothing is recorded */
  recorder?: Recorder;
  /** Told if jobs are added one by one, because BullMQ is not the one that was tested. @defaultValue nobody is */
  log?: Log;
  /** Tells which events are to go behind those of other organisations. @defaultValue none */
  crowding?: Crowding;
  /** The call that adds jobs, if this BullMQ allows for it. */
  bindAdd?: typeof bindAddJobs;
};

/** Adds event jobs to the queues of all shards. */
export function createProducer(
  redis: QueueRedis,
  {
    replicas = NO_REPLICAS,
    recorder = NO_RECORDER,
    log,
    crowding = NO_CROWDING,
    bindAdd = bindAddJobs,
  }: ProducerOptions = {},
): Producer {
  const { client, connections, prefix, shards } = redis;
  const lanes = Array.from({ length: LANES }, (_, number) =>
    // The first is the watched connection.
    openLane(number === 0 ? client : connections.forRequests(`xw-producer-${number}`)),
  );
  if (lanes.some(({ addJobs, addCrowded }) => addJobs === addInBulk || addCrowded === addCrowdedInBulk)) {
    log?.warn({ code: 'XW_BULLMQ_UNKNOWN' }, 'BullMQ is not the one that was tested: adding events takes longer');
  }

  function openLane(ofLane: RedisClient): Lane {
    const queues = Array.from({ length: redis.shards }, (_, shard) =>
      openQueue({ ...redis, client: ofLane }, shard, { streams: { events: { maxLen: EVENT_STREAM_LENGTH } } }),
    );
    const addJobs = bindAdd(ofLane, JOB_OPTIONS) ?? addInBulk;
    const addCrowded = bindAdd(ofLane, CROWDED_OPTIONS) ?? addCrowdedInBulk;
    const addBackfill = bindAdd(ofLane, BACKFILL_OPTIONS) ?? inBulk(BACKFILL_OPTIONS);
    const onReplicas = createReplicaCheck(ofLane, replicas);
    return { client: ofLane, queues, addJobs, addCrowded, addBackfill, onReplicas, busy: 0 };
  }

  /** The least busy connection that is ready: after an outage, one may be back before the other. */
  function freeLane(): Lane {
    const connected = lanes.filter((lane) => lane.client.status === 'ready');
    return (connected.length > 0 ? connected : lanes).reduce((best, lane) => (lane.busy < best.busy ? lane : best));
  }

  /** Adds jobs to their queues. @returns whether enough replicas have them, and which the queues had already */
  async function add(
    jobs: readonly EventJob[],
    { queues, addJobs, addCrowded, addBackfill, onReplicas }: Lane,
  ): Promise<{ isSafe: boolean; duplicates: EventJob[] }> {
    const areOnReplicas = (shard: number): Promise<boolean> =>
      onReplicas(`${queuePrefix(prefix, shard, connections.cluster)}:replicated`);
    const groups = Map.groupBy(jobs, ({ data }) => shardOf(data.event.tenantId, shards));
    const [first = 0] = groups.keys();
    const added = await Promise.all(
      [...groups].map(async ([shard, group]) => {
        const { usual, crowded, backfill } = Object.groupBy(group, ({ data }) => {
          if (data.source === 'backfill') return 'backfill';
          return crowding(data.event.tenantId) ? 'crowded' : 'usual';
        });
        const duplicates = await Promise.all([
          usual ? addJobs(queues[shard]!, usual) : [],
          crowded ? addCrowded(queues[shard]!, crowded) : [],
          backfill ? addBackfill(queues[shard]!, backfill) : [],
        ]);
        return { duplicates: duplicates.flat(), isSafe: connections.cluster ? await areOnReplicas(shard) : true };
      }),
    );
    const isSafe = connections.cluster ? added.every((one) => one.isSafe) : await areOnReplicas(first);
    return { isSafe, duplicates: added.flatMap(({ duplicates }) => duplicates) };
  }

  return {
    async enqueue(jobs) {
      const lane = freeLane();
      lane.busy++;
      try {
        const { isSafe, duplicates } = await add(jobs, lane);
        if (!isSafe) return { outcome: 'unavailable', reason: TOO_FEW_REPLICAS };
        if (recorder.hasRoom()) recorder.received(jobs.map(recordedEvent));
        return { outcome: 'enqueued', ...(duplicates.length > 0 && { duplicates }) };
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

const addInBulk = inBulk(JOB_OPTIONS);
const addCrowdedInBulk = inBulk(CROWDED_OPTIONS);

/** BullMQ's own call, which does not tell which jobs the queue had already. */
function inBulk(options: {
  readonly attempts: number;
  readonly backoff: { type: string };
  readonly priority?: number;
}): AddJobs {
  return async (queue, jobs) => {
    await queue.addBulk(jobs.map(({ id, name, data }) => ({ name, data, opts: { jobId: id, ...options } })));
    return [];
  };
}
