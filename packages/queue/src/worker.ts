import type { Job } from 'bullmq';
import { DelayedError, Worker } from 'bullmq';
import type { Log } from '@xero-webhooks/runtime';
import type { EventJobData } from './event-job.ts';
import { JOB_VERSION } from './event-job.ts';
import { queueName, queuePrefix } from './names.ts';
import type { QueueRedis } from './open-redis.ts';
import { redisFault } from './redis-faults.ts';

/** One run of a job's handlers. */
export type Attempt = {
  readonly jobId: string;
  readonly name: string;
  readonly data: EventJobData;
  /** How often this event has failed before. */
  readonly failures: number;
};

/**
 * What an attempt came to. `retry` counts as a failure, `later` does not; both wait for `delayMs`. `dead` makes the event
 * a dead letter.
 */
export type AttemptOutcome =
  | { outcome: 'handled' }
  | { outcome: 'retry'; delayMs: number; error: Error }
  | { outcome: 'later'; delayMs: number }
  | { outcome: 'dead'; error: Error };

export type EventWorker = {
  /** Takes no more jobs, and waits for those at work. */
  close(): Promise<void>;
};

type Options = {
  redis: QueueRedis;
  shard: number;
  /** How many jobs are worked on at once. */
  concurrency: number;
  /** Handled jobs are kept until one of the two bounds is reached. */
  retention: { seconds: number; count: number };
  log: Log;
  /** Runs one attempt. What it throws is a bug, and is retried. */
  attempt: (attempt: Attempt) => Promise<AttemptOutcome>;
};

/** How long a job's lock lives without being renewed, in milliseconds: with the interval, the bound for taking over. */
const LOCK_MS = 15_000;
const STALLED_INTERVAL_MS = 10_000;

/** The default of 1 would bury a job after two crashes of its worker, whatever its attempts. */
const MAX_STALLED = 1_000_000;

/** A job that a newer release wrote waits for a newer worker. */
const NEWER_JOB_DELAY_MS = 30_000;

/**
 * The only error that BullMQ ever sees: it sorts errors by name and message, and a handler can throw anything.
 */
class AttemptFailed extends Error {
  /** How long to wait, in milliseconds; -1 for a dead letter. */
  readonly delayMs: number;

  constructor(cause: Error, delayMs: number) {
    super(cause.message);
    this.name = 'AttemptFailed';
    this.stack = cause.stack ?? cause.message;
    this.delayMs = delayMs;
  }
}

/** Works on one shard's queue. */
export function createEventWorker(options: Options): EventWorker {
  const { shard, retention, log } = options;
  const { connections, prefix } = options.redis;
  const client = connections.forWorker(`xw-worker-${shard}`);
  const worker = new Worker<EventJobData, void>(queueName(shard), async (job, token) => run(job, token!, options), {
    connection: client,
    prefix: queuePrefix(prefix, shard, connections.cluster),
    concurrency: options.concurrency,
    skipVersionCheck: true,
    drainDelay: 1,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_INTERVAL_MS,
    maxStalledCount: MAX_STALLED,
    runRetryDelay: 1_000,
    removeOnComplete: { age: retention.seconds, count: retention.count },
    settings: {
      backoffStrategy: (_failures, _type, error) => (error instanceof AttemptFailed ? error.delayMs : 1_000),
    },
  });
  worker.on('error', (error) => {
    const reason = redisFault(error);
    if (reason === undefined) log.warn({ err: error, shard }, 'worker error');
    else log.debug({ reason, shard }, 'worker waits for Redis');
  });

  return {
    async close() {
      await worker.close();
      client.disconnect();
    },
  };
}

async function run(job: Job<EventJobData>, token: string, { attempt }: Options): Promise<void> {
  if (job.data.v > JOB_VERSION) return postpone(job, token, NEWER_JOB_DELAY_MS);

  const result = await attempt({ jobId: job.id!, name: job.name, data: job.data, failures: job.attemptsMade });
  switch (result.outcome) {
    case 'handled':
      return;
    case 'later':
      return postpone(job, token, result.delayMs);
    case 'retry':
      job.stacktrace = [];
      throw new AttemptFailed(result.error, Math.max(1, result.delayMs));
    case 'dead':
      job.stacktrace = [];
      throw new AttemptFailed(result.error, -1);
  }
}

/** Puts a job back without using an attempt. */
async function postpone(job: Job<EventJobData>, token: string, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}
