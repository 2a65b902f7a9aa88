import { DelayedError, Queue, Worker } from 'bullmq';
import type { Log } from '@xero-webhooks/runtime';
import type { QueueRedis } from './open-redis.ts';
import { redisFault } from './redis-faults.ts';

/** Work that is no event: one of the worker processes does it, and another goes on with it if that one is lost. */
export type Task<Data> = { readonly id: string; readonly name: string; readonly data: Data };

export type TaskQueue<Data> = {
  /** Adds tasks. One whose id the queue has is left as it is. */
  add(tasks: readonly Task<Data>[]): Promise<void>;
  /** Has a task given out again and again, so many milliseconds apart; `undefined` ends that. */
  every(ms: number | undefined, task: Task<Data>): Promise<void>;
  close(): Promise<void>;
};

/** `later`: the task is given out again after so many milliseconds. */
export type TaskEnd = { readonly end: 'done' } | { readonly end: 'later'; readonly delayMs: number };

type WorkerOptions<Data> = {
  readonly redis: QueueRedis;
  readonly name: string;
  /** How many tasks this process works on at once. */
  readonly concurrency: number;
  /** How long a task's lock lives without being renewed, in milliseconds. */
  readonly lockMs: number;
  readonly log: Log;
  /**
   * Does a task, or goes on with it. If it throws, the task is tried again, later each time, for as long as it takes.
   *
   * @param signal aborted when the process stops: what is not done yet is given to another
   */
  readonly run: (task: Task<Data>, signal: AbortSignal) => Promise<TaskEnd>;
};

/** A task does not end by failing. */
const ATTEMPTS = 1_000_000;

/** Nothing depends on the stream of the queue's events. */
const EVENT_STREAM_LENGTH = 100;

/** The wait after the first failure, which doubles with each further one, and the longest, in milliseconds. */
const BACKOFF_MS = { first: 1_000, max: 60_000 };

/** A process that stops hands its tasks back: they begin again this much later, in milliseconds. */
const HANDED_BACK_MS = 1_000;

/** All keys of a queue of tasks are in one slot of a Cluster. */
function prefixOf({ prefix }: QueueRedis, name: string): string {
  return `${prefix}:{${name}}`;
}

/** Opens a queue of tasks, to add some. */
export function openTaskQueue<Data>(redis: QueueRedis, name: string): TaskQueue<Data> {
  const queue = new Queue<Data, void>('tasks', {
    connection: redis.client,
    prefix: prefixOf(redis, name),
    skipVersionCheck: true,
    skipWaitingForReady: true,
    streams: { events: { maxLen: EVENT_STREAM_LENGTH } },
    defaultJobOptions: { attempts: ATTEMPTS, backoff: { type: 'task' }, removeOnComplete: true },
  });
  queue.on('error', (error) => redis.connections.faults.note(error, name));
  // BullMQ derives the types of names and data from what it takes for a job.
  const scheduler = queue as unknown as Queue<Data, void, string, Data, void, string>;
  return {
    async add(tasks) {
      await queue.addBulk(
        tasks.map(({ id, name: kind, data }) => ({ name: kind, data, opts: { jobId: id } })) as Parameters<
          typeof queue.addBulk
        >[0],
      );
    },
    async every(ms, { id, name: kind, data }) {
      if (ms === undefined) await queue.removeJobScheduler(id);
      else await scheduler.upsertJobScheduler(id, { every: ms }, { name: kind, data });
    },
    close: () => queue.close(),
  };
}

/** Starts doing the tasks of a queue. @returns a function that stops: it resolves once no task is at work */
export function startTasks<Data>({ redis, name, concurrency, lockMs, log, run }: WorkerOptions<Data>) {
  const client = redis.connections.forWorker(`xw-${name}`);
  const stopping = new AbortController();
  const worker = new Worker<Data, void>(
    'tasks',
    async (job, token) => {
      const ended = await work({ id: job.id!, name: job.name, data: job.data });
      if (ended.end === 'done') return;
      await job.moveToDelayed(Date.now() + ended.delayMs, token);
      throw new DelayedError();
    },
    {
      connection: client,
      prefix: prefixOf(redis, name),
      concurrency,
      skipVersionCheck: true,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: ATTEMPTS,
      settings: { backoffStrategy: (failures) => Math.min(BACKOFF_MS.first * 2 ** (failures - 1), BACKOFF_MS.max) },
    },
  );
  worker.on('error', (error) => redis.connections.faults.note(error, name));

  async function work(task: Task<Data>): Promise<TaskEnd> {
    try {
      return await run(task, stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) return { end: 'later', delayMs: HANDED_BACK_MS };
      if (redisFault(error) === undefined) log.warn({ err: error, task: task.id }, 'a task failed: it is tried again');
      throw error;
    }
  }

  return async function stop(): Promise<void> {
    stopping.abort(new Error('the process stops'));
    await worker.close(!redis.watch.state().usable);
    client.disconnect();
  };
}
