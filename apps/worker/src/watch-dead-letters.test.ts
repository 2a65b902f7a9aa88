import { createMetrics } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { watchDeadLetters } from './watch-dead-letters.ts';

/** Counts dead letters once; returns what was logged, and the metrics. */
async function countOnce(counts: readonly (() => Promise<number>)[]): Promise<{ alerts: unknown[]; text: string }> {
  const { promise: counted, resolve } = Promise.withResolvers<void>();
  const alerts: unknown[] = [];
  const note = (fields: unknown): void => void alerts.push(fields);
  const log = { debug: note, info: note, warn: note, error: note } as never;
  const metrics = createMetrics('test');
  const queues = counts.map((getFailedCount) => ({ getFailedCount }));
  const stop = watchDeadLetters({ queues, log, metrics, alertFrom: 10, intervalMs: 60_000 });
  setImmediate(resolve);
  await counted;
  stop();
  return { alerts, text: await metrics.metrics() };
}

describe('the watch on dead letters', () => {
  it('raises an alert at its bound, over all shards', async () => {
    const { alerts, text } = await countOnce([async () => 4, async () => 6]);
    expect(alerts).toEqual([{ alert: 'many-dead-letters', deadLetters: 10 }]);
    expect(text).toMatch(/^xw_dead_letters\{app="test"\} 10$/m);
  });

  it('is quiet below it, and while Redis does not answer', async () => {
    expect((await countOnce([async () => 9])).alerts).toEqual([]);
    expect((await countOnce([async () => Promise.reject(new Error('no answer'))])).alerts).toEqual([]);
  });
});
