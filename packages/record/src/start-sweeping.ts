import { randomBytes } from 'node:crypto';
import type { Log, RedisClient, RedisWatch } from '@xero-webhooks/runtime';
import { commonKeys } from './keys.ts';
import { watchRoom } from './room.ts';
import { sweepRecords } from './sweep.ts';

type Options = {
  client: RedisClient;
  prefix: string;
  watch: Pick<RedisWatch, 'state'>;
  log: Log;
  retentionMs: number;
  maxRecords: number;
  /** When the oldest event was enqueued that no worker has had yet, in milliseconds since 1970. */
  oldestWaiting: () => Promise<number | undefined>;
  /** Shortest time between two sweeps, of whichever process, in milliseconds. @defaultValue 30000 */
  intervalMs?: number;
};

/**
 * Sweeps the records again and again: of several processes that do, one at a time.
 *
 * @returns a function that ends it
 */
export function startSweeping(options: Options): () => void {
  const { client, prefix, watch, log, retentionMs, maxRecords, oldestWaiting, intervalMs = 30_000 } = options;
  const hasRoom = watchRoom(watch);
  const us = randomBytes(8).toString('hex');
  let sweeping = false;

  async function sweep(): Promise<void> {
    if (sweeping || !watch.state().usable) return;
    sweeping = true;
    try {
      // The turn is not given back: it ends shortly before the next one.
      const turn = await client.set(commonKeys(prefix).sweep, us, 'PX', Math.ceil(intervalMs * 0.9), 'NX');
      if (turn === null) return;
      const isNearlyFull = !hasRoom();
      const bounds = { retentionMs, maxRecords, isNearlyFull, oldestWaiting: await oldestWaiting() };
      const removed = await sweepRecords({ client, prefix, ...bounds });
      if (isNearlyFull) log.warn({ removed }, 'Redis is nearly full: old records were removed to make room for events');
    } catch (error) {
      // Others report a Redis that does not answer; the next sweep does what this one did not.
      log.debug({ err: error }, 'records could not be swept');
    } finally {
      sweeping = false;
    }
  }

  const timer = setInterval(() => void sweep(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
