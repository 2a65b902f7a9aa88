import type { QuarantineOutcome } from '@xero-webhooks/queue';
import { describe, expect, it } from 'vitest';
import { alertBeforeFull } from './alert-before-full.ts';

const body = { body: Buffer.from('x'), cause: 'not-json', detail: '', receivedAt: 0, deliveryId: 'd' };

/** Keeps one body for each of these outcomes, a second apart, and returns the alerts. */
async function alertsOf(outcomes: readonly QuarantineOutcome[]): Promise<unknown[]> {
  const alerts: unknown[] = [];
  const note = (fields: unknown): void => void alerts.push(fields);
  const log = { debug: note, info: note, warn: note, error: note } as never;
  let time = 0;
  const left = [...outcomes];
  const keep = alertBeforeFull(
    async () => left.shift()!,
    100,
    log,
    () => (time += 1_000),
  );
  for (const outcome of outcomes) expect(await keep(body)).toBe(outcome);
  return alerts;
}

describe('the quarantine', () => {
  it('raises no alert while there is plenty of room', async () => {
    expect(
      await alertsOf([
        { outcome: 'kept', usedBytes: 49 },
        { outcome: 'unavailable', reason: 'x' },
      ]),
    ).toEqual([]);
  });

  it('raises one alert well before it is full, and not one for each body', async () => {
    const kept: QuarantineOutcome[] = [50, 60, 70].map((usedBytes) => ({ outcome: 'kept', usedBytes }));
    expect(await alertsOf(kept)).toEqual([{ alert: 'quarantine-filling', usedBytes: 50, maxBytes: 100 }]);
  });

  it('raises an alert when it is full, too', async () => {
    expect(await alertsOf([{ outcome: 'full', usedBytes: 99 }])).toHaveLength(1);
  });
});
