import { STOOD_STILL } from '../loop-delay.ts';

/** Whether Redis is usable now. `memory` is the used fraction of `maxmemory`, 0 if there is no limit. */
export type RedisState = { usable: true; memory: number } | UnusableRedis;

export type UnusableRedis = { usable: false; reason: string };

export const NOT_CONNECTED = { usable: false, reason: 'Redis does not answer' } as const satisfies RedisState;

export const TOO_BUSY = { usable: false, reason: STOOD_STILL } as const satisfies RedisState;

/** After a failover, an address or an open connection can lead to the former master. */
export const REPLICA: UnusableRedis = { usable: false, reason: 'Redis is a replica, which takes no events' };

/** The state for a server that answers with an error, named by the answer's first word, as in `MISCONF …`. */
export function stateByReply(error: unknown): UnusableRedis | undefined {
  const [word] =
    error instanceof Error && error.name === 'ReplyError' ? (/^[A-Z]{3,}\b/.exec(error.message) ?? []) : [];
  return word === undefined ? undefined : { usable: false, reason: `Redis answers ${word}` };
}
