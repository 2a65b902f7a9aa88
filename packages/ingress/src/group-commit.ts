import type { EnqueueOutcome, EventJob } from '@xero-webhooks/queue';
import { SLOWER_THAN_DEADLINE } from './blame.ts';

export type CommitOutcome = { outcome: 'stored' } | { outcome: 'refused'; reason: string; error?: unknown };

export type GroupCommit = {
  /**
   * Stores the jobs of one request together with those of requests that come at the same time.
   *
   * @param jobs the events of the request
   * @param bytes the size of its body, for the bound on what waits
   * @returns once Redis has confirmed every job, or it is certain that this is not going to happen in time
   */
  commit(jobs: readonly EventJob[], bytes: number): Promise<CommitOutcome>;
};

export type GroupCommitOptions = {
  enqueue: (jobs: readonly EventJob[]) => Promise<EnqueueOutcome>;
  /** How long a request may wait, in milliseconds. */
  deadlineMs: number;
  /** So many waiting jobs do not wait for the end of the turn. @defaultValue 16 */
  enoughJobs?: number;
  /** How many jobs are sent together. A request with more of them goes alone. @defaultValue 64 */
  maxGroupJobs?: number;
  /** How many groups may be on their way at once. @defaultValue 8 */
  maxInFlight?: number;
  /** How much may wait or be on its way, in bytes of request bodies. @defaultValue 32 MiB */
  maxPendingBytes?: number;
};

type Request = {
  readonly jobs: readonly EventJob[];
  readonly bytes: number;
  readonly deadline: number;
  resolve: ((outcome: CommitOutcome) => void) | undefined;
};

/**
 * Commits the events of concurrent requests together: what arrives in one turn of the event loop, or while as many groups
 * are on their way to Redis as may be. Under load this makes one round trip of many; when idle, a request goes at once.
 *
 * Adding several jobs is not atomic. Where Redis is at fault, the whole group is refused, and the deterministic ids make
 * Xero's next try converge; where one job is at fault, each request is tried once more alone, so that one cannot refuse
 * its neighbours.
 */
export function createGroupCommit(options: GroupCommitOptions): GroupCommit {
  const { enqueue, deadlineMs, enoughJobs = 16, maxGroupJobs = 64, maxInFlight = 8 } = options;
  const { maxPendingBytes = 32 * 1024 * 1024 } = options;
  const waiting: Request[] = [];
  const pending = new Set<Request>();
  let waitingJobs = 0;
  let pendingBytes = 0;
  let inFlight = 0;
  let scheduled = false;
  let sweeper: NodeJS.Timeout | undefined;

  function settle(request: Request, outcome: CommitOutcome): void {
    if (!request.resolve) return;
    request.resolve(outcome);
    request.resolve = undefined;
    pending.delete(request);
    pendingBytes -= request.bytes;
    if (pending.size === 0 && sweeper) {
      clearInterval(sweeper);
      sweeper = undefined;
    }
  }

  /** One timer for all requests: they expire in the order in which they came. */
  function sweep(): void {
    const now = performance.now();
    for (const request of pending) {
      if (request.deadline > now) break;
      settle(request, { outcome: 'refused', reason: SLOWER_THAN_DEADLINE });
    }
    while (waiting[0] && !waiting[0].resolve) waitingJobs -= waiting.shift()!.jobs.length;
  }

  /** Where the process stood still, what Redis has answered meanwhile is read first. */
  function sweepNext(): void {
    setImmediate(sweep);
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
    return waiting.splice(0, count).filter(({ resolve }) => resolve !== undefined);
  }

  function sendGroups(): void {
    while (inFlight < maxInFlight && waiting.length > 0) {
      const group = takeGroup();
      if (group.length > 0) void send(group);
    }
  }

  async function send(group: readonly Request[]): Promise<void> {
    inFlight++;
    const stored = await enqueue(group.length === 1 ? group[0]!.jobs : group.flatMap(({ jobs }) => jobs));
    if (stored.outcome === 'failed' && group.length > 1) {
      for (const request of group) {
        // Whoever was refused at the deadline meanwhile is not sent.
        if (request.resolve) settle(request, commitOutcome(await enqueue(request.jobs)));
      }
    } else {
      const outcome = commitOutcome(stored);
      for (const request of group) settle(request, outcome);
    }
    inFlight--;
    sendGroups();
  }

  return {
    commit(jobs, bytes) {
      if (pendingBytes + bytes > maxPendingBytes && pending.size > 0) {
        return Promise.resolve({ outcome: 'refused', reason: 'too much is waiting for Redis' });
      }
      return new Promise((resolve) => {
        const request: Request = { jobs, bytes, deadline: performance.now() + deadlineMs, resolve };
        waiting.push(request);
        waitingJobs += jobs.length;
        pending.add(request);
        pendingBytes += bytes;
        sweeper ??= setInterval(sweepNext, Math.max(10, deadlineMs / 40)).unref();
        // Redis works on these while the rest of what has arrived is verified and read.
        if (waitingJobs >= enoughJobs) sendGroups();
        else if (!scheduled && inFlight < maxInFlight) {
          scheduled = true;
          // After this turn of the event loop: what arrived in the same turn goes together.
          setImmediate(() => {
            scheduled = false;
            sendGroups();
          });
        }
      });
    },
  };
}

function commitOutcome(stored: EnqueueOutcome): CommitOutcome {
  switch (stored.outcome) {
    case 'enqueued':
      return { outcome: 'stored' };
    case 'unavailable':
      return { outcome: 'refused', reason: stored.reason };
    case 'failed':
      return { outcome: 'refused', reason: 'the events could not be enqueued', error: stored.error };
  }
}
