import { expireInOrder } from './expire-in-order.ts';

/** Why a request is refused if Redis has not confirmed it before the deadline. */
export const SLOWER_THAN_DEADLINE = 'Redis is slower than the deadline';

export type StoreOutcome = { outcome: 'stored' } | { outcome: 'refused'; reason: string; error?: unknown };

/** The storing of one request, as the code that does it sees it. */
export type StoreAttempt = {
  /** Whether the request was refused at the deadline: what has not been sent to Redis by then need not be. */
  expired: boolean;
  /** Called at the deadline. Whatever still waits has to end now, so that its memory can be used again. */
  onExpired: (() => void) | undefined;
};

/**
 * Stores one request within the limits.
 *
 * @param bytes the size of its body, which stays in memory until `store` has ended
 */
export type StoreWithinLimits = (
  bytes: number,
  store: (attempt: StoreAttempt) => Promise<StoreOutcome>,
) => Promise<StoreOutcome>;

export type StorageLimitsOptions = {
  /** How long a request may wait for Redis, in milliseconds. */
  deadlineMs: number;
  /** How many bytes of request bodies may wait for Redis. A single larger one may, if it is alone. @defaultValue 32 MiB */
  maxPendingBytes?: number;
};

/** Events and quarantined bodies are both bounded here, in time and in memory. */
export function createStorageLimits(options: StorageLimitsOptions): StoreWithinLimits {
  const { deadlineMs, maxPendingBytes = 32 * 1024 * 1024 } = options;
  const startClock = expireInOrder({ maxMs: deadlineMs, lookEveryMs: Math.max(10, deadlineMs / 40) });
  let pendingBytes = 0;

  return (bytes, store) => {
    if (pendingBytes > 0 && pendingBytes + bytes > maxPendingBytes) {
      return Promise.resolve({ outcome: 'refused', reason: 'too much is waiting for Redis' });
    }
    pendingBytes += bytes;
    return new Promise((resolve, reject) => {
      const attempt: StoreAttempt = { expired: false, onExpired: undefined };
      const stopClock = startClock(() => {
        attempt.expired = true;
        resolve({ outcome: 'refused', reason: SLOWER_THAN_DEADLINE });
        attempt.onExpired?.();
      });
      function release(): void {
        stopClock();
        pendingBytes -= bytes;
      }
      // A request that is stored after its deadline has been refused; Xero's next try finds it stored.
      void store(attempt).finally(release).then(resolve, reject);
    });
  };
}
