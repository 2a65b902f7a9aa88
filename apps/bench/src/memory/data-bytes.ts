import { setTimeout as wait } from 'node:timers/promises';
import type { RedisClient } from '@xero-webhooks/runtime';
import { infoNumber } from './redis-info.ts';

/** Two readings that differ by less count as the same. */
const NOISE_BYTES = 2_048;

/**
 * What passes before a reading, in milliseconds: Redis lets its buffers for a client shrink only when that has been idle
 * for two seconds, and its tables of keys get their new size little by little.
 */
const REST_MS = 3_000;

/**
 * How many bytes Redis uses for data, once that stays the same: all but its buffers for clients and for the append-only
 * file, and the text of scripts. Unlike `MEMORY USAGE` it has the tables of keys and of expiry in it.
 *
 * @throws Error where it does not come to rest
 */
export async function dataBytes(client: RedisClient, signal: AbortSignal): Promise<number> {
  let last = Number.NaN;
  for (let reading = 0; reading < 10; reading++) {
    await wait(REST_MS, undefined, { signal });
    const info = await client.info('memory');
    const others = ['mem_clients_normal', 'mem_aof_buffer', 'used_memory_scripts_eval'];
    const now = others.reduce((sum, name) => sum - (infoNumber(info, name) ?? 0), infoNumber(info, 'used_memory')!);
    if (Math.abs(now - last) < NOISE_BYTES) return now;
    last = now;
  }
  throw new Error("Redis's memory does not come to rest");
}
