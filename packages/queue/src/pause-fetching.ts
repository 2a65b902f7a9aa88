import type { Worker } from 'bullmq';

/** Stops a worker from taking jobs for a reason. It goes on when no reason is left. */
export type PauseFetching = (reason: string, paused: boolean) => void;

/** @see PauseFetching */
export function createPauseFetching(worker: Pick<Worker, 'pause' | 'resume'>): PauseFetching {
  const reasons = new Set<string>();
  return (reason, paused) => {
    const before = reasons.size;
    if (paused) reasons.add(reason);
    else reasons.delete(reason);
    if (before === 0 && reasons.size > 0) void worker.pause(true);
    if (before > 0 && reasons.size === 0) void worker.resume();
  };
}
