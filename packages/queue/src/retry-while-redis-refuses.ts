import { setTimeout } from 'node:timers/promises';
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
      const waitMs = Math.min(RETRY_WAIT_MS.max, RETRY_WAIT_MS.first * 2 ** tries);
      await setTimeout(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}
