import { DelayedError, Job, Worker } from 'bullmq';
import { boundedError } from '@xero-webhooks/bounded';
import type { Log } from '@xero-webhooks/runtime';
import { doublingWait } from '@xero-webhooks/runtime';
import { backOff } from './back-off.ts';
import type { Delivery, DeliverOptions, TakenJob } from './deliver.ts';
import { deliver } from './deliver.ts';
import type { EventJobData } from './event-job.ts';
import { isEventJobData, isOfNewerRelease } from './event-job.ts';
import { createGate } from './gate/gate.ts';
import type { GateEvent } from './gate/protocol.ts';
import { createJobLocks } from './job-locks.ts';
import { isJobLost } from './job-lost.ts';
import { queueName, queuePrefix } from './names.ts';
import type { QueueRedis } from './open-redis.ts';
import { createPauseFetching } from './pause-fetching.ts';
import { redisFault } from './redis-faults.ts';
import { watchStranded } from './watch-stranded.ts';

export type EventWorker = {
  /** Resolves when it can take jobs for the first time. It never rejects. */
  readonly connected: Promise<void>;
  /** How many jobs are at work. */
  readonly active: number;
  /** When a job was last taken or ended, or could not be because of Redis, by `performance.now()`. */
  readonly lastProgress: number;
  /** Takes no more jobs, or goes on, while those at work go on. */
  pause(paused: boolean): void;
  /** Ends the runs of a job that ends this process. @param cause how, for people */
  blame(jobId: string, cause: string): void;
  /**
   * Takes no more jobs and waits for those at work; what is still at work at the deadline is handed back.
   *
   * @param deadlineMs in milliseconds
   */
  close(deadlineMs: number): Promise<void>;
};

export type EventWorkerOptions = Omit<DeliverOptions, 'gate'> & {
  redis: QueueRedis;
  shard: number;
  /** How many jobs are worked on at once. */
  concurrency: number;
  /** Handled jobs are kept until one of the two bounds is reached. */
  retention: { seconds: number; count: number };
  /**
   * How long a job's lock lives without being renewed, in milliseconds: the jobs of a killed worker run again within
   * twice that.
   */
  lockMs: number;
  /** How long a settled event is remembered, in milliseconds. */
  rememberMs: number;
  /** After how many runs that ended with their process an event is a dead letter. */
  crashAttempts: number;
  log: Log;
  /** Told of everything that becomes of a job, with the time that it took in milliseconds. */
  onDelivery: (job: TakenJob, delivery: Delivery, ms: number) => void;
};

/** Jobs without a lock are looked for this often within the life of a lock; BullMQ has to see one twice. */
const STALLED_CHECKS = 3;

/** The default of 1 would bury a job after two crashes of its worker, whatever its attempts. */
const MAX_STALLED = 1_000_000;

/** A job that a newer release wrote waits for a newer worker. */
const NEWER_JOB_DELAY_MS = 30_000;

/**
 * A job that waits for its turn looks again by itself after this at the latest: whoever was to wake it may be gone. In
 * milliseconds.
 */
const TURN_LIMIT_MS = 15_000;

/** A job that is early by less is held until it is due; by more, it goes back, but not faster than this. In milliseconds. */
const EARLY_HOLD_MS = 500;

/** How long a job waits after a fault that is not a handler's, in milliseconds: at first, and at most. */
const UNEXPECTED_DELAY_MS = { first: 1_000, max: 60_000 };

/** What is left of a shutdown's deadline for handing jobs back and closing connections, in milliseconds. */
const HAND_BACK_MS = 1_500;

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
export function createEventWorker(options: EventWorkerOptions): EventWorker {
  const { redis, shard, retention, log, onDelivery } = options;
  const client = redis.connections.forWorker(`xw-worker-${shard}`);
  const gate = createGate({
    client,
    prefix: redis.prefix,
    cluster: redis.connections.cluster,
    rememberMs: options.rememberMs,
    crashAttempts: options.crashAttempts,
  });
  const delivery: DeliverOptions = { ...options, gate };
  let lastProgress = performance.now();

  const worker = new Worker<EventJobData, void>(queueName(shard), (job, token) => work(job, token!), {
    connection: client,
    prefix: queuePrefix(redis.prefix, shard, redis.connections.cluster),
    concurrency: options.concurrency,
    skipVersionCheck: true,
    drainDelay: 1,
    lockDuration: options.lockMs,
    stalledInterval: Math.ceil(options.lockMs / STALLED_CHECKS),
    maxStalledCount: MAX_STALLED,
    // We renew the locks.
    skipLockRenewal: true,
    runRetryDelay: 200,
    removeOnComplete: { age: retention.seconds, count: retention.count },
    settings: {
      backoffStrategy: (_failures, _type, error) =>
        error instanceof AttemptFailed ? error.delayMs : UNEXPECTED_DELAY_MS.first,
    },
  });
  const locks = createJobLocks({
    extend: (ids, tokens, lockMs) => worker.extendJobLocks(ids, tokens, lockMs),
    lockMs: options.lockMs,
    log,
  });
  // A worker that Redis does not let take jobs is not stuck.
  worker.on('error', (error) => {
    if (redisFault(error) !== undefined) lastProgress = performance.now();
  });
  const pauseFetching = createPauseFetching(worker);
  const stopBackingOff = backOff(worker, pauseFetching, locks, redis.connections.faults, log, shard);

  async function work(job: Job<EventJobData>, token: string): Promise<void> {
    const began = performance.now();
    lastProgress = began;
    if (isOfNewerRelease(job.data)) return postpone(job, token, Date.now() + NEWER_JOB_DELAY_MS);

    // Nobody's handler can do anything with it, now or later.
    if (!isEventJobData(job.data))
      throw new AttemptFailed(new Error('the data of this job is not that of an event'), -1);

    const taken: TakenJob = {
      id: job.id!,
      token,
      fetch: job.attemptsStarted,
      stalls: job.stalledCounter,
      name: job.name,
      data: job.data,
    };
    const { signal, release } = locks.keep(taken.id, token, began - Math.max(0, Date.now() - job.processedOn!));
    try {
      const result = await deliver(taken, signal, delivery);
      tell(taken, result, performance.now() - began);
      if ('following' in result && result.following) await wake(result.following);
      await settle(job, token, result);
    } catch (error) {
      throw asOurs(error, job.attemptsMade);
    } finally {
      release();
      lastProgress = performance.now();
    }
  }

  /** What observes deliveries has no say in them. */
  function tell(...told: Parameters<typeof onDelivery>): void {
    try {
      onDelivery(...told);
    } catch (error) {
      log.error({ err: error, shard }, 'a delivery could not be observed');
    }
  }

  /** Nothing but our own errors reaches BullMQ: neither a bug nor a fault of Redis may look like one of its signals. */
  function asOurs(error: unknown, failures: number): Error {
    if (error instanceof AttemptFailed || error instanceof DelayedError) return error;
    if (isJobLost(error)) log.debug({ err: error, shard }, 'job is in other hands');
    else if (redisFault(error) === undefined) log.error({ err: error, shard }, 'delivery failed unexpectedly');
    const delayMs = doublingWait(UNEXPECTED_DELAY_MS, failures);
    return new AttemptFailed(boundedError(error), delayMs);
  }

  async function settle(job: Job<EventJobData>, token: string, result: Delivery): Promise<void> {
    switch (result.outcome) {
      case 'unhandled':
      case 'duplicate':
      case 'handled':
        return;
      case 'busy':
        return awaitTurn(job, token, result.event, result.lockMs);
      case 'dead':
        job.stacktrace = [];
        throw new AttemptFailed(result.error, -1);
      case 'waiting':
        if (result.error) {
          job.stacktrace = [];
          throw new AttemptFailed(result.error, Math.max(1, result.dueAt - Date.now()));
        }
        // Woken early by a clock that is ahead of Redis's: not round and round.
        if (result.runs.length === 0) await sleep(Math.min(result.dueMs, EARLY_HOLD_MS));
        return postpone(job, token, result.dueAt);
    }
  }

  /** Delays a job until the resource is free. It is delayed first, so that whoever frees the resource can wake it. */
  async function awaitTurn(job: Job<EventJobData>, token: string, event: GateEvent, lockMs: number): Promise<never> {
    await job.moveToDelayed(Date.now() + Math.min(lockMs, TURN_LIMIT_MS) + 50, token);
    if (!(await gate.takeTurn(event, job.timestamp))) await wake(event.jobId);
    throw new DelayedError();
  }

  /** Lets a delayed job go on. One that is not delayed any more needs no waking. */
  async function wake(jobId: string): Promise<void> {
    try {
      await new Job(worker, '', {}, {}, jobId).promote();
    } catch (error) {
      if (redisFault(error) !== undefined) throw error;
      log.debug({ key: jobId, err: error }, 'job needs no waking');
    }
  }

  return {
    connected: new Promise((resolve) => worker.once('ready', resolve)),
    get active() {
      return locks.size;
    },
    get lastProgress() {
      return lastProgress;
    },
    pause: (paused) => pauseFetching('a suspect runs alone', paused),
    blame: (jobId, cause) => locks.blame(jobId, cause),
    async close(deadlineMs) {
      options.isolation.close();
      stopBackingOff();
      const late = setTimeout(() => locks.stopAll(), Math.max(0, deadlineMs - HAND_BACK_MS));
      const expired = sleep(deadlineMs);
      const stranded = watchStranded(() => locks.size === 0 && !redis.watch.state().usable);
      await Promise.race([worker.close(), stranded.promise, expired]);
      stranded.stop();
      clearTimeout(late);
      locks.stop();
      client.disconnect();
    },
  };
}

/** Puts a job back until a time, without using an attempt. */
async function postpone(job: Job<EventJobData>, token: string, until: number): Promise<never> {
  await job.moveToDelayed(until, token);
  throw new DelayedError();
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
