import type { Gate } from './gate/gate.ts';
import { isEventJobData } from './event-job.ts';
import { isJobLost } from './job-lost.ts';
import type { EventQueue } from './open-queue.ts';

/** `absent`: the event is not delayed, or not any more. */
export type RunNowOutcome = 'runs' | 'absent';

/**
 * Runs a delayed event now. Handlers that wait for another try have it at once; one that is parked is parked again if its
 * cause is still there.
 *
 * @param beforeItRuns called before a worker can have it
 */
export async function runDelayedNow(
  queues: readonly EventQueue[],
  gate: Gate,
  id: string,
  beforeItRuns?: () => Promise<void>,
): Promise<RunNowOutcome> {
  for (const queue of queues) {
    const job = await queue.getJob(id);
    if (!job || !(await job.isDelayed())) continue;
    // First the ledger: an event that woke before its handlers are due would be put back.
    if (isEventJobData(job.data)) await gate.makeDue(job.data.event.tenantId, id);
    await beforeItRuns?.();
    try {
      await job.promote();
      return 'runs';
    } catch (error) {
      // It went on by itself.
      if (isJobLost(error)) return 'absent';
      throw error;
    }
  }
  return 'absent';
}
