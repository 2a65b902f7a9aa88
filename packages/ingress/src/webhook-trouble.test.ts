import { describe, expect, it } from 'vitest';
import { createWebhookTrouble } from './webhook-trouble.ts';

/** One whose clock is a second further at each note. */
function trouble(secondMs = 1_000) {
  let time = 0;
  const outages: object[] = [];
  const { note, ...rest } = createWebhookTrouble(
    () => time,
    (outage) => outages.push(outage),
  );
  const noteAt =
    (outcome: Parameters<typeof note>[0], status: number): (() => void) =>
    () => {
      time += secondMs;
      note(outcome, status);
    };
  return {
    ...rest,
    outages,
    accept: noteAt({ outcome: 'accepted', deliveryId: 'd', keyIndex: 0, events: 1, unreadable: 0 }, 200),
    refuse: noteAt({ outcome: 'refused', reason: 'Redis does not answer', keyIndex: 0 }, 503),
    refuseUnread: noteAt({ outcome: 'refused', reason: 'a body did not come in time' }, 503),
    confirmIntent: noteAt({ outcome: 'intent-to-receive', keyIndex: 0 }, 200),
    mismatch: noteAt({ outcome: 'signature-mismatch', signed: true }, 401),
    lackSignature: noteAt({ outcome: 'signature-mismatch', signed: false }, 401),
    quarantine: (status: 200 | 400) =>
      noteAt({ outcome: 'unreadable', deliveryId: 'd', keyIndex: 0, cause: 'not-json', detail: '' }, status)(),
  };
}

describe('the trouble of a webhook', () => {
  it('begins with the first verified request that fails, and ends with the first that does not', () => {
    const { accept, confirmIntent, refuse, failingSince } = trouble();
    accept();
    expect(failingSince()).toBeUndefined();
    refuse();
    confirmIntent();
    expect(failingSince()).toBe(2_000);
    accept();
    expect(failingSince()).toBeUndefined();
    refuse();
    expect(failingSince()).toBe(5_000);
  });

  it('is not made by what anybody can send', () => {
    const { refuseUnread, mismatch, lackSignature, failingSince, mismatches } = trouble();
    refuseUnread();
    lackSignature();
    expect(mismatches()).toBeUndefined();
    mismatch();
    expect(failingSince()).toBeUndefined();
  });

  it('is a body that cannot be read where that is answered 400', () => {
    const { quarantine, failingSince } = trouble();
    quarantine(200);
    expect(failingSince()).toBeUndefined();
    quarantine(400);
    expect(failingSince()).toBe(2_000);
  });

  it('counts wrong signatures in a row, until a right one comes', () => {
    const { mismatch, lackSignature, refuse, mismatches } = trouble();
    mismatch();
    lackSignature();
    mismatch();
    expect(mismatches()).toEqual({ since: 1_000, count: 2 });
    refuse();
    expect(mismatches()).toBeUndefined();
  });

  it('is told of once it is over, if it was long', () => {
    const { accept, refuse, confirmIntent, outages } = trouble(20_000);
    refuse();
    accept();
    expect(outages).toEqual([]);
    for (const _ of [1, 2, 3]) refuse();
    confirmIntent();
    expect(outages).toEqual([]);
    accept();
    accept();
    expect(outages).toEqual([{ since: 60_000, until: 140_000 }]);
  });
});
