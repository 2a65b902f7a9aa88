import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import type { Watched } from './watched.ts';

/** Which of all processes watches for the others. */
export type TurnToWatch = {
  /** Takes the turn, or keeps it. @returns whether it is this process's */
  take(): Promise<boolean>;
  /** Gives the turn to the next process that asks. */
  give(): Promise<void>;
};

/**
 * @param what is watched
 * @param ms how long a process may say nothing and still have the turn, in milliseconds
 */
export function createTurnToWatch(client: RedisClient, prefix: string, what: Watched, ms: number): TurnToWatch {
  const key = `${prefix}:{alerts}:turn-${what}`;
  const us = randomUUID();
  return {
    async take() {
      if ((await client.set(key, us, 'PX', ms, 'NX')) === 'OK') return true;
      if ((await client.get(key)) !== us) return false;
      // If it ended between these two, another may watch as well: it finds what we have told.
      await client.pexpire(key, ms);
      return true;
    },
    async give() {
      if ((await client.get(key)) === us) await client.del(key);
    },
  };
}
