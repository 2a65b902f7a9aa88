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

type Options = {
  readonly client: RedisClient;
  readonly prefix: string;
  /** What is watched. */
  readonly what: Watched;
  /** How long a process may say nothing and still have the turn, in milliseconds. */
  readonly ms: number;
  /** Whether this process can post what it finds. It takes the turn from one that cannot. */
  readonly canPost: boolean;
};

/** How the turn of a process begins that only logs what it finds. */
const LOGS_ONLY = 'logs ';

export function createTurnToWatch({ client, prefix, what, ms, canPost }: Options): TurnToWatch {
  const key = `${prefix}:{alerts}:turn-${what}`;
  const us = `${canPost ? 'posts ' : LOGS_ONLY}${randomUUID()}`;
  return {
    async take() {
      if ((await client.set(key, us, 'PX', ms, 'NX')) === 'OK') return true;
      const owner = await client.get(key);
      if (owner !== us && !(canPost && owner?.startsWith(LOGS_ONLY))) return false;
      // If it changed between these two, another may watch as well: it finds what we have told.
      await client.set(key, us, 'PX', ms);
      return true;
    },
    async give() {
      if ((await client.get(key)) === us) await client.del(key);
    },
  };
}
