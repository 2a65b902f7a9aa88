import { setTimeout } from 'node:timers/promises';
import { doublingWait } from '@xero-webhooks/runtime';
import { redisFault } from './redis-faults.ts';

/** The wait before the next try, in milliseconds: the first, which doubles, and the longest. */
const RETRY_WAIT_MS = { first: 50, max: 1_000 };

/**
 * Sends again as long as Redis is at fault, as during a failover or without enough replicas. Only this process knows the
 * handlers' results until Redis has them.
 *
 * @param send must be idempotent
 * @param signal aborted when the job is lost: one last try follows
 */
export async function retryWhileRedisRefuses<Result>(
  send: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let tries = 0; ; tries++) {
    const lastTry = signal.aborted;
    try {
      return await send();
    } catch (error) {
      if (lastTry || redisFault(error) === undefined) throw error;
      await setTimeout(doublingWait(RETRY_WAIT_MS, tries), undefined, { signal }).catch(() => {});
    }
  }
}
