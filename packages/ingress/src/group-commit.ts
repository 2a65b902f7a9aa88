import type { EnqueueOutcome, EventJob } from '@xero-webhooks/queue';
import type { StoreAttempt, StoreOutcome } from './storage-limits.ts';
import { SLOWER_THAN_DEADLINE } from './storage-limits.ts';

/**
 * Stores the events of one request, together with those of requests that arrive at the same time.
 *
 * @returns once Redis has confirmed every job, or has refused one; for a request that expires before it is sent, then
 */
export type Commit = (jobs: readonly EventJob[], attempt: StoreAttempt) => Promise<StoreOutcome>;

export type GroupCommitOptions = {
  enqueue: (jobs: readonly EventJob[]) => Promise<EnqueueOutcome>;
  /** From this many waiting jobs on, send at once instead of at the end of the turn. @defaultValue 16 */
  enoughJobs?: number;
  /** How many jobs are sent together. A request with more of them goes alone. @defaultValue 64 */
  maxGroupJobs?: number;
  /** How many groups may be in flight at once. @defaultValue 8 */
  maxInFlight?: number;
};

type Request = {
  readonly jobs: readonly EventJob[];
  readonly attempt: StoreAttempt;
  readonly resolve: (outcome: StoreOutcome) => void;
};

const EXPIRED: StoreOutcome = { outcome: 'refused', reason: SLOWER_THAN_DEADLINE };

/**
 * Commits the events of concurrent requests together: those that arrive in one turn of the event loop, or while the
 * largest number of groups is in flight. Under load, many requests share one round trip; when idle, a request goes at
 * once.
 *
 * Adding several jobs is not atomic. If Redis is at fault, the whole group is refused, and the deterministic ids make
 * Xero's next try converge. If a job is at fault, each request is tried once more alone, so that one bad job cannot get
 * its neighbours refused.
 */
export function createGroupCommit(options: GroupCommitOptions): Commit {
  const { enqueue, enoughJobs = 16, maxGroupJobs = 64, maxInFlight = 8 } = options;
  const waiting: Request[] = [];
  let waitingJobs = 0;
  let inFlight = 0;
  let scheduled = false;

  /** Requests expire in the order in which they arrived, so the expired ones are at the front. */
  function dropExpired(): void {
    while (waiting[0]?.attempt.expired) {
      const { jobs, resolve } = waiting.shift()!;
      waitingJobs -= jobs.length;
      resolve(EXPIRED);
    }
  }

  function takeGroup(): Request[] {
    let jobs = 0;
    let count = 0;
    for (const request of waiting) {
      if (count > 0 && jobs + request.jobs.length > maxGroupJobs) break;
      jobs += request.jobs.length;
      count++;
    }
    waitingJobs -= jobs;
    return waiting.splice(0, count);
  }

  function sendGroups(): void {
    while (inFlight < maxInFlight && waiting.length > 0) void send(takeGroup());
  }

  async function send(group: readonly Request[]): Promise<void> {
    inFlight++;
    const stored = await enqueue(group.length === 1 ? group[0]!.jobs : group.flatMap(({ jobs }) => jobs));
    if (stored.outcome === 'failed' && group.length > 1) {
      for (const { jobs, attempt, resolve } of group) {
        // Skip requests that expired while others were retried.
        resolve(attempt.expired ? EXPIRED : storeOutcome(await enqueue(jobs)));
      }
    } else {
      const outcome = storeOutcome(stored);
      for (const { resolve } of group) resolve(outcome);
    }
    inFlight--;
    sendGroups();
  }

  return (jobs, attempt) =>
    new Promise((resolve) => {
      waiting.push({ jobs, attempt, resolve });
      waitingJobs += jobs.length;
      attempt.onExpired = dropExpired;
      // Redis works on these while the rest of what has arrived is verified and parsed.
      if (waitingJobs >= enoughJobs) sendGroups();
      else if (!scheduled && inFlight < maxInFlight) {
        scheduled = true;
        // After this turn of the event loop, so that everything that arrived in it goes together.
        setImmediate(() => {
          scheduled = false;
          sendGroups();
        });
      }
    });
}

function storeOutcome(enqueued: EnqueueOutcome): StoreOutcome {
  switch (enqueued.outcome) {
    case 'enqueued':
      return { outcome: 'stored' };
    case 'unavailable':
      return { outcome: 'refused', reason: enqueued.reason };
    case 'failed':
      return { outcome: 'refused', reason: 'the events could not be enqueued', error: enqueued.error };
  }
}
