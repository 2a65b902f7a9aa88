import type { EventQueue } from './open-queue.ts';
import type { EventWorker } from './worker.ts';

/** What the watchdog sees of a worker and its queue. */
export type WorkerSight = {
  /** Whether jobs wait that the worker could take. */
  readonly waiting: boolean;
  /** How many jobs the worker has at work. */
  readonly active: number;
  /** How long ago the worker took or ended a job, or failed to because of Redis, in milliseconds. */
  readonly idleMs: number;
};

type WatchdogOptions = {
  look: () => Promise<WorkerSight>;
  /** How long a worker may do nothing while jobs wait, in milliseconds. */
  patienceMs: number;
  /** How often to look, in milliseconds. */
  intervalMs: number;
  onStuck: () => void;
};

/**
 * Watches for the one fault that pinging Redis does not show: jobs wait, the queue is not paused, and the worker takes
 * none. Only a restart helps.
 *
 * @returns a function that ends the watch
 */
export function startWatchdog({ look, patienceMs, intervalMs, onStuck }: WatchdogOptions): () => void {
  let waitingSince: number | undefined;
  let looking = false;

  async function check(): Promise<void> {
    if (looking) return;
    looking = true;
    try {
      const { waiting, active, idleMs } = await look();
      const now = performance.now();
      if (!waiting || active > 0) waitingSince = undefined;
      else waitingSince ??= now;
      if (waitingSince !== undefined && now - waitingSince >= patienceMs && idleMs >= patienceMs) onStuck();
    } catch {
      // Redis does not answer, which explains why the worker takes nothing.
      waitingSince = undefined;
    } finally {
      looking = false;
    }
  }

  const timer = setInterval(() => void check(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Looks at one shard's queue and the worker on it. */
export function lookAtWorker(
  queue: EventQueue,
  worker: Pick<EventWorker, 'active' | 'lastProgress'>,
): () => Promise<WorkerSight> {
  return async () => {
    const [paused, { wait = 0, prioritized = 0 }] = await Promise.all([
      queue.isPaused(),
      queue.getJobCounts('wait', 'prioritized'),
    ]);
    return {
      waiting: !paused && wait + prioritized > 0,
      active: worker.active,
      idleMs: performance.now() - worker.lastProgress,
    };
  };
}
