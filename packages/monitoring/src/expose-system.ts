import type { QueueRedis } from '@xero-webhooks/queue';
import type { Metrics } from '@xero-webhooks/runtime';
import { gaugeOf } from '@xero-webhooks/runtime';
import type { ReadSystem, SystemState } from './read-system.ts';

/** How long what was read is shown, in milliseconds: several may scrape. */
const FRESH_MS = 2_000;

/** How long a scrape waits for Redis, in milliseconds. */
const PATIENCE_MS = 1_000;

type Options = { readonly metrics: Metrics; readonly redis: QueueRedis; readonly read: ReadSystem };

/**
 * Shows how the shared system is in the metrics of this process, which reads it when it is asked for. While Redis does not
 * answer, these metrics are absent: an old number would look like a fresh one.
 */
export function exposeSystem({ metrics, redis, read }: Options): void {
  let seen: { at: number; state: Promise<Seen | undefined> } | undefined;

  function look(): Promise<Seen | undefined> {
    const now = Date.now();
    if (seen === undefined || now - seen.at > FRESH_MS) seen = { at: now, state: lookNow() };
    return seen.state;
  }

  async function lookNow(): Promise<Seen | undefined> {
    if (!redis.watch.state().usable) return undefined;
    const began = performance.now();
    const pinged = redis.client.ping().then(() => (performance.now() - began) / 1000);
    const all = Promise.all([read(), pinged]).then(([state, pingS]) => ({ ...state, pingS }));
    const timeout = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => timeout.resolve(undefined), PATIENCE_MS);
    return Promise.race([all, timeout.promise])
      .catch(() => undefined)
      .finally(() => clearTimeout(timer));
  }

  gaugeOf(metrics, 'xw_redis_usable', (gauge) => gauge.set(redis.watch.state().usable ? 1 : 0));
  gaugeOf(metrics, 'xw_redis_memory_ratio', (gauge) => {
    const state = redis.watch.state();
    if (state.usable) gauge.set(state.memory);
    else gauge.remove();
  });
  for (const [name, valueOf] of Object.entries(FIGURES) as [keyof typeof FIGURES, (seen: Seen) => number][]) {
    gaugeOf(metrics, name, async (gauge) => {
      const state = await look();
      if (state) gauge.set(valueOf(state));
      else gauge.remove();
    });
  }
  gaugeOf(metrics, 'xw_queue_events', async (gauge) => {
    const state = await look();
    gauge.reset();
    if (!state) return;
    const { waiting, active, delayed, deadLetters: dead, handled } = state;
    for (const [name, count] of Object.entries({ waiting, active, delayed, dead, handled })) {
      gauge.set({ state: name }, count);
    }
  });
}

type Seen = SystemState & { readonly pingS: number };

const FIGURES = {
  xw_redis_ping_seconds: ({ pingS }: Seen) => pingS,
  xw_oldest_waiting_seconds: ({ waitingSince }: Seen) =>
    waitingSince === undefined ? 0 : Math.max(0, Date.now() - waitingSince) / 1000,
  xw_quarantined_bodies: ({ quarantined }: Seen) => quarantined,
  xw_workers: ({ workers }: Seen) => workers.length,
} as const;
