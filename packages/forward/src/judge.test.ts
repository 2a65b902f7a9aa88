import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '@xero-webhooks/handlers';
import { judge } from './judge.ts';

const RECEIVER = 'https://receiver.example';

function answered(status: number, headers: Record<string, string> = {}, text = '') {
  return judge({ outcome: 'answered', status, headers, text, bytes: text.length }, RECEIVER);
}

describe('a message', () => {
  it.each([200, 201, 202, 204, 299])('that is answered with %i is delivered', (status) => {
    expect(answered(status, { 'retry-after': '9' }, 'no')).toEqual({
      sent: { outcome: 'delivered' },
      receiver: { state: 'well' },
    });
  });

  it('that is answered with 410 is the last try', () => {
    expect(answered(410)).toMatchObject({ sent: { outcome: 'gone' }, receiver: { state: 'well' } });
  });

  it.each<[number, 'well' | 'ailing', number | undefined]>([
    [301, 'well', undefined],
    [307, 'well', undefined],
    [400, 'well', undefined],
    [401, 'well', undefined],
    [404, 'well', undefined],
    [422, 'well', undefined],
    [408, 'ailing', undefined],
    [429, 'ailing', 30_000],
    [500, 'ailing', undefined],
    [501, 'ailing', undefined],
    [502, 'ailing', 30_000],
    [503, 'ailing', 30_000],
    [504, 'ailing', 30_000],
  ])('that is answered with %i fails; the receiver is %s, and Retry-After means %s ms', (status, state, waitMs) => {
    const { sent, receiver } = answered(status, { 'retry-after': '30' }, ' <b>no\n</b> ');
    expect(sent).toMatchObject({ outcome: 'failed', error: { code: 'XW_FORWARD_REFUSED', status } });
    const error = sent.outcome === 'failed' ? sent.error : undefined;
    expect(error?.message).toContain(status < 400 ? 'redirects are not followed' : ': <b>no </b>');
    expect(retryAfterMs(error)).toBe(waitMs);
    expect(receiver).toMatchObject({ state, ...(state === 'ailing' && { waitMs: waitMs ?? 0 }) });
  });

  it('that a receiver puts off for a year keeps the others waiting for an hour', () => {
    expect(answered(503, { 'retry-after': '31536000' }).receiver).toMatchObject({ state: 'ailing', waitMs: 3_600_000 });
  });

  it('says little of a long answer', () => {
    const { sent } = answered(500, {}, 'x'.repeat(16_000));
    expect(sent.outcome === 'failed' && sent.error.message.length).toBeLessThan(300);
  });

  it.each([
    [{ code: 'ECONNREFUSED', late: false, over: true }, 'XW_FORWARD_UNREACHABLE', 'ECONNREFUSED', 'ailing'],
    [{ code: undefined, late: false, over: true }, 'XW_FORWARD_UNREACHABLE', 'no code', 'ailing'],
    [{ code: 'ERR_CANCELED', late: true, over: false }, 'XW_FORWARD_UNREACHABLE', 'in time', 'ailing'],
    [{ code: 'ERR_CANCELED', late: false, over: false }, 'XW_FORWARD_UNREACHABLE', 'stopped', 'unknown'],
    [{ code: 'EPRIVATE', late: false, over: true }, 'XW_FORWARD_PRIVATE', 'FORWARD_ALLOW_PRIVATE', 'ailing'],
  ])('that is not answered fails: %j', (silence, code, words, state) => {
    expect(judge({ outcome: 'silent', ...silence }, RECEIVER)).toMatchObject({
      sent: { outcome: 'failed', error: { code, message: expect.stringContaining(words) } },
      receiver: { state },
    });
  });
});
