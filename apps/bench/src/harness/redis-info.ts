import { setTimeout as wait } from 'node:timers/promises';
import type { RedisClient } from '@xero-webhooks/runtime';

/** One number from the reply of `INFO`; `undefined` if this release of Redis does not report it. */
export function infoNumber(info: string, name: string): number | undefined {
  const [, value] = new RegExp(`^${name}:(\\d+)\r?$`, 'm').exec(info) ?? [];
  return value === undefined ? undefined : Number(value);
}

/** How often clients sent a script, from the reply of `INFO commandstats`. Scripts cannot call scripts. */
export function scriptCalls(info: string): number {
  const calls = info.matchAll(/^cmdstat_(?:evalsha|eval|fcall)(?:_ro)?:calls=(\d+),/gm);
  return calls.reduce((sum, [, count]) => sum + Number(count), 0);
}

/**
 * The pause before a reading, in milliseconds: Redis shrinks a client's buffers only after two idle seconds, and resizes
 * its tables of keys step by step.
 */
const REST_MS = 3_000;

/**
 * The bytes that Redis uses for data: everything but its buffers for clients and for the append-only file, and the text
 * of scripts. Unlike `MEMORY USAGE` this includes the tables of keys and of expiry.
 */
export async function dataBytes(client: RedisClient, signal: AbortSignal): Promise<number> {
  await wait(REST_MS, undefined, { signal });
  const info = await client.info('memory');
  const others = ['mem_clients_normal', 'mem_aof_buffer', 'used_memory_scripts_eval'];
  return others.reduce((rest, name) => rest - (infoNumber(info, name) ?? 0), infoNumber(info, 'used_memory')!);
}
