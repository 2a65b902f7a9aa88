import type { QuarantinedBody, QuarantineOutcome } from '@xero-webhooks/queue';
import { describe, expect, it } from 'vitest';
import { createKeepInTime } from './keep-in-time.ts';

const body = (bytes: number): QuarantinedBody => ({
  body: Buffer.alloc(bytes),
  cause: 'not-json',
  detail: 'the body is not valid JSON',
  receivedAt: 0,
  deliveryId: 'd-1',
});

const KEPT: QuarantineOutcome = { outcome: 'kept', usedBytes: 1 };

/** A quarantine that is answered by hand. */
function manualKeep() {
  const answers: ((outcome: QuarantineOutcome) => void)[] = [];
  return { answers, keep: () => new Promise<QuarantineOutcome>((resolve) => answers.push(resolve)) };
}

describe('keeping a body in quarantine', () => {
  it('passes on what became of it', async () => {
    const keep = createKeepInTime({ keep: async () => KEPT, deadlineMs: 5_000 });
    expect(await keep(body(1))).toEqual(KEPT);
  });

  it('is given up at the deadline, and what comes of it later harms nobody', async () => {
    const { answers, keep } = manualKeep();
    const keepInTime = createKeepInTime({ keep, deadlineMs: 20 });
    expect(await keepInTime(body(1))).toEqual({
      outcome: 'unavailable',
      reason: 'Redis is slower than the deadline',
    });
    answers[0]!(KEPT);
  });

  it('passes on a fault, and forgets one after the deadline', async () => {
    let fail = (_error: Error): void => {};
    const failing = () => new Promise<QuarantineOutcome>((_resolve, reject) => (fail = reject));
    const early = createKeepInTime({ keep: failing, deadlineMs: 5_000 })(body(1));
    fail(new Error('a fault'));
    await expect(early).rejects.toThrow('a fault');
    await createKeepInTime({ keep: failing, deadlineMs: 20 })(body(1));
    fail(new Error('a late fault'));
  });

  it('is refused at once where too many bytes are on their way, also of those that were given up', async () => {
    const { answers, keep } = manualKeep();
    const keepInTime = createKeepInTime({ keep, deadlineMs: 20, maxPendingBytes: 100 });
    const refused = { outcome: 'unavailable', reason: 'too much is waiting for Redis' };
    const late = keepInTime(body(1_000));
    expect(await keepInTime(body(1))).toEqual(refused);
    await late;
    expect(await keepInTime(body(1))).toEqual(refused);
    answers[0]!(KEPT);
    // Room is made once the answer has been seen.
    await Promise.resolve();
    const next = keepInTime(body(100));
    answers[1]!(KEPT);
    expect(await next).toEqual(KEPT);
  });
});
