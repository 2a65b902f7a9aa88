import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { RequestOutcome } from './request-outcome.ts';
import type { ReadBody } from './read-body.ts';
import type { ReceiveOptions } from './receive.ts';
import { createReceive } from './receive.ts';

const post = { method: 'POST', headers: {} } as IncomingMessage;
const confirmed: RequestOutcome = { outcome: 'intent-to-receive', keyIndex: 0 };

/** A receiver whose bodies take `bodyMs` to read, and whose decisions take `decisionMs`. */
function receiving({
  body,
  bodyMs,
  decisionMs = 0,
  ...options
}: Partial<ReceiveOptions> & {
  body: ReadBody;
  bodyMs: number;
  decisionMs?: number;
}) {
  let time = 0;
  const observed: unknown[] = [];
  const waits: number[] = [];
  const receive = createReceive({
    readBody: async () => {
      time += bodyMs;
      return body;
    },
    admit: async () => {
      time += decisionMs;
      return confirmed;
    },
    blame: (outcome, waitedMs) => {
      waits.push(waitedMs);
      return outcome;
    },
    observe: (outcome, { bytes, ms }) => void observed.push({ ...outcome, bytes, ms }),
    refusals: { count: () => {} },
    unreadableStatus: 400,
    now: () => time,
    ...options,
  });
  return { ...receive, observed, waits };
}

describe('a request', () => {
  it.each([
    ['too-slow', 'a body did not come in time'],
    ['too-much-at-once', 'too many bodies at once'],
  ] as const)('whose body is cut off is logged with the time that it took: %s', async (outcome, reason) => {
    const { handle, observed } = receiving({ body: { outcome }, bodyMs: 15_000 });
    const handled = await handle(post);
    expect(handled).toMatchObject({ answer: { status: 503, headers: { connection: 'close', 'retry-after': '5' } } });
    expect(observed).toEqual([{ outcome: 'refused', reason, bytes: 0, ms: 15_000 }]);
  });

  it('is timed from its start to the decision, and Redis is blamed only for its own part', async () => {
    const body: ReadBody = { outcome: 'read', body: Buffer.from('body') };
    const { handle, observed, waits } = receiving({ body, bodyMs: 300, decisionMs: 40 });
    expect(await handle(post)).toMatchObject({ outcome: 'answer', answer: { status: 200 } });
    expect(observed).toEqual([{ ...confirmed, bytes: 4, ms: 340 }]);
    expect(waits).toEqual([40]);
  });

  it('is not answered, logged or counted if the client has gone', async () => {
    const { handle, observed } = receiving({ body: { outcome: 'aborted' }, bodyMs: 10 });
    expect(await handle(post)).toEqual({ outcome: 'client-gone' });
    expect(observed).toEqual([]);
  });

  it('read by another server is decided in the same way', async () => {
    const { receive, observed } = receiving({ body: { outcome: 'aborted' }, bodyMs: 0, decisionMs: 40 });
    expect(await receive(Buffer.from('body'), {})).toMatchObject({ status: 200, body: '' });
    expect(observed).toEqual([{ ...confirmed, bytes: 4, ms: 40 }]);
  });

  it('gets 503 if the decision fails unexpectedly', async () => {
    const error = new Error('a fault');
    const admit = (): Promise<never> => Promise.reject(error);
    const { receive, observed } = receiving({ body: { outcome: 'aborted' }, bodyMs: 0, admit });
    expect(await receive(Buffer.from('body'), {})).toMatchObject({ status: 503 });
    expect(observed).toMatchObject([{ outcome: 'refused', reason: 'unexpected error', error }]);
  });
});
