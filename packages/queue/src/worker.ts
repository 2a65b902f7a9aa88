import { DelayedError, Job, Worker } from 'bullmq';
import { NO_RECORDER } from '@xero-webhooks/record';
import type { Log } from '@xero-webhooks/runtime';
import { AttemptFailed, toAttemptFailed, UNEXPECTED_DELAY_MS } from './attempt-failed.ts';
import type { EventJobData } from './event-job.ts';
import { isEventJobData, isOfNewerRelease } from './event-job.ts';
import { endJobsTogether } from './bullmq-scripts/end-jobs.ts';
import { createGate } from './gate/gate.ts';
import { createJobLocks } from './job-locks.ts';
import type { JobOutcome } from './job-outcome.ts';
import { queueName, queuePrefix } from './names.ts';
import type { QueueRedis } from './open-redis.ts';
import { createPauseFetching } from './pause-fetching.ts';
import { pauseWhileRedisRefuses } from './pause-while-redis-refuses.ts';
import { redisFault } from './redis-faults.ts';
import type { RunJobOptions } from './run-job.ts';
import { runJob } from './run-job.ts';
import type { TakenJob } from './taken-job.ts';
import { watchStranded } from './watch-stranded.ts';

export type EventWorker = {
  /** Resolves when the worker can take jobs for the first time. It never rejects. */
  readonly connected: Promise<void>;
  /** How many jobs are at work. */
  readonly active: number;
  /** When a job was last taken or ended, or Redis last failed, by `performance.now()`. */
  readonly lastProgress: number;
  /** Stops or resumes taking jobs. Jobs at work go on. */
  pause(paused: boolean): void;
  /** Ends the runs of a job that ends this process. @param cause how it does, for people */
  blame(jobId: string, cause: string): void;
  /**
   * Takes no more jobs and waits for those at work. Jobs still at work at the deadline are handed back.
   *
   * @param deadlineMs in milliseconds
   */
  close(deadlineMs: number): Promise<void>;
};

export type EventWorkerOptions = Omit<RunJobOptions, 'gate'> & {
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
};

/** How often within the life of a lock to look for jobs without a lock. BullMQ must see one twice. */
const STALLED_CHECKS = 3;

/** With the default of 1, a job would fail for good after two crashes of its worker, whatever its attempts. */
const MAX_STALLED = 1_000_000;

/** How long a job that a newer release wrote waits for a newer worker, in milliseconds. */
const NEWER_JOB_DELAY_MS = 30_000;

/** The end of a shutdown's deadline is for handing back jobs and closing connections, in milliseconds. */
const HAND_BACK_MS = 1_500;

/** Works on one shard's queue: this file only translates between BullMQ and `runJob`. */
export function createEventWorker(options: EventWorkerOptions): EventWorker {
  const { redis, shard, retention, log } = options;
  const client = redis.connections.forWorker(`xw-worker-${shard}`);
  if (!endJobsTogether(client)) {
    log.warn({ code: 'XW_BULLMQ_UNKNOWN', shard }, 'BullMQ is not the one that was tested: ending jobs takes longer');
  }
  const gate = createGate({
    client,
    prefix: redis.prefix,
    cluster: redis.connections.cluster,
    rememberMs: options.rememberMs,
    crashAttempts: options.crashAttempts,
    records: options.record.recorder !== NO_RECORDER,
  });
  const running: RunJobOptions = { ...options, gate, onOutcome };
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
  // A worker that cannot take jobs because of Redis is not stuck.
  worker.on('error', (error) => {
    if (redisFault(error) !== undefined) lastProgress = performance.now();
  });
  const pauseFetching = createPauseFetching(worker);
  const stopBackingOff = pauseWhileRedisRefuses(worker, pauseFetching, locks, redis.connections.faults, log, shard);

  async function work(job: Job<EventJobData>, token: string): Promise<void> {
    const began = performance.now();
    lastProgress = began;
    if (isOfNewerRelease(job.data)) {
      await job.moveToDelayed(Date.now() + NEWER_JOB_DELAY_MS, token);
      throw new DelayedError();
    }
    // No handler can do anything with it, now or later.
    if (!isEventJobData(job.data)) {
      throw new AttemptFailed(new Error('the data of this job is not an event'), -1);
    }

    const taken: TakenJob = {
      id: job.id!,
      runToken: token,
      runNumber: job.attemptsStarted,
      stalls: job.stalledCounter,
      addedAt: job.timestamp,
      name: job.name,
      data: job.data,
    };
    const { signal, release } = locks.keep(taken.id, token, began - Math.max(0, Date.now() - job.processedOn!));
    try {
      const queue = { delayUntil: (time: number) => job.moveToDelayed(time, token), wake };
      endRun(job, await runJob(taken, signal, queue, running));
    } catch (error) {
      throw toAttemptFailed(error, job.attemptsMade, log, shard);
    } finally {
      release();
      lastProgress = performance.now();
    }
  }

  /** Observers have no say in what becomes of a job. */
  function onOutcome(...outcome: Parameters<RunJobOptions['onOutcome']>): void {
    try {
      options.onOutcome(...outcome);
    } catch (error) {
      log.error({ err: error, shard }, "a job's outcome could not be observed");
    }
  }

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

/** Tells BullMQ how a run ended: it completes the job unless this throws. */
function endRun(job: Job<EventJobData>, outcome: JobOutcome): void {
  switch (outcome.outcome) {
    case 'unhandled':
    case 'duplicate':
    case 'handled':
      return;
    case 'busy':
      throw new DelayedError();
    case 'waiting':
      if (!outcome.error) throw new DelayedError();
      job.stacktrace = [];
      throw new AttemptFailed(outcome.error, Math.max(1, outcome.dueAt - Date.now()));
    case 'dead':
      job.stacktrace = [];
      throw new AttemptFailed(outcome.error, -1);
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
