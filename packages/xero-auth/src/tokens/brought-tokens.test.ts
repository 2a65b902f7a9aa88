import type { AccessTokenProvider } from '@xero-webhooks/handlers';
import { createLogger } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { createBroughtTokens } from './brought-tokens.ts';

const { signal } = new AbortController();
const MINUTE = 60_000;

/** A source over a provider, time that the test moves, and what the provider was asked and the log was told. */
function sourceOf(bring: AccessTokenProvider, { timeoutMs = 1_000 } = {}) {
  const asked: { tenantId: string; refresh: boolean }[] = [];
  const lines: unknown[] = [];
  const log = { ...createLogger('test', 'silent'), error: (...words: unknown[]) => void lines.push(words) };
  let now = Date.UTC(2026, 10, 23);
  const tokens = createBroughtTokens({
    bring: (tenantId, options) => {
      asked.push({ tenantId, refresh: options.refresh });
      return bring(tenantId, options);
    },
    log,
    now: () => now,
    timeoutMs,
  });
  return {
    asked,
    lines,
    now: () => now,
    pass: (ms: number) => void (now += ms),
    ask: (tenantId = 't-1', rejected?: string) => tokens.tokenOf(tenantId, { rejected, signal }),
  };
}

describe('tokens that are brought', () => {
  it('are asked for once per organisation and lifetime, however many events there are', async () => {
    let count = 0;
    const source = sourceOf(async () => ({ accessToken: `token-${++count}`, expiresAt: source.now() + 30 * MINUTE }));
    const answers = await Promise.all(Array.from({ length: 100 }, () => source.ask()));
    expect(new Set(answers.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set(['{"outcome":"token","accessToken":"token-1"}']),
    );
    await source.ask('t-2');
    source.pass(29 * MINUTE);
    await source.ask();
    expect(source.asked).toEqual([
      { tenantId: 't-1', refresh: false },
      { tenantId: 't-2', refresh: false },
    ]);

    source.pass(MINUTE);
    expect(await source.ask()).toEqual({ outcome: 'token', accessToken: 'token-3' });
  });

  it.each([
    ['a Date', (time: number) => new Date(time)],
    ['text', (time: number) => new Date(time).toISOString()],
    ['milliseconds', (time: number) => time],
    ['seconds, as in a token itself', (time: number) => time / 1000],
  ])('may say when they expire as %s', async (_what, form) => {
    const source = sourceOf(() => ({ accessToken: 'token', expiresAt: form(source.now() + 10 * MINUTE) }));
    await source.ask();
    source.pass(9 * MINUTE);
    await source.ask();
    expect(source.asked).toHaveLength(1);
    source.pass(MINUTE);
    await source.ask();
    expect(source.asked).toHaveLength(2);
  });

  it('are refreshed once where Xero has refused one, whoever noticed', async () => {
    let count = 0;
    const source = sourceOf(async () => ({ accessToken: `token-${++count}`, expiresAt: source.now() + 30 * MINUTE }));
    await source.ask();
    const answers = await Promise.all(Array.from({ length: 5 }, () => source.ask('t-1', 'token-1')));
    for (const answer of answers) expect(answer).toEqual({ outcome: 'token', accessToken: 'token-2' });
    // One who comes late with the old one gets what is there.
    expect(await source.ask('t-1', 'token-1')).toEqual({ outcome: 'token', accessToken: 'token-2' });
    expect(source.asked.map(({ refresh }) => refresh)).toEqual([false, true]);
  });

  it('are not refreshed again and again where that does not help', async () => {
    let count = 0;
    const source = sourceOf(async () => ({ accessToken: `token-${++count}`, expiresAt: source.now() + 30 * MINUTE }));
    await source.ask();
    await source.ask('t-1', 'token-1');
    expect(await source.ask('t-1', 'token-2')).toMatchObject({ outcome: 'none', code: 'XW_XERO_UNAUTHORISED' });
    expect(source.asked).toHaveLength(2);
    // It may do for other reads.
    expect(await source.ask()).toEqual({ outcome: 'token', accessToken: 'token-2' });
    source.pass(MINUTE);
    expect(await source.ask('t-1', 'token-2')).toEqual({ outcome: 'token', accessToken: 'token-3' });
  });

  it('are of no use where the refused one is brought again', async () => {
    const source = sourceOf(() => ({ accessToken: 'old', expiresAt: source.now() + 30 * MINUTE }));
    await source.ask();
    expect(await source.ask('t-1', 'old')).toMatchObject({ outcome: 'none', code: 'XW_XERO_UNAUTHORISED' });
    expect(await source.ask('t-1', 'old')).toMatchObject({ outcome: 'none', code: 'XW_XERO_UNAUTHORISED' });
    expect(source.asked).toHaveLength(2);
    source.pass(MINUTE);
    await source.ask();
    expect(source.asked).toHaveLength(3);
  });

  it('are not there where null is brought, and asked for again after a minute', async () => {
    let connected = false;
    const source = sourceOf(() => (connected ? { accessToken: 'token', expiresAt: source.now() + 30 * MINUTE } : null));
    expect(await source.ask()).toMatchObject({ outcome: 'none', code: 'XW_XERO_NOT_CONNECTED', retryMs: MINUTE });
    connected = true;
    expect(await source.ask()).toMatchObject({ outcome: 'none' });
    expect(source.asked).toHaveLength(1);
    expect(source.lines).toHaveLength(1);
    source.pass(MINUTE);
    expect(await source.ask()).toEqual({ outcome: 'token', accessToken: 'token' });
  });

  it.each<[string, AccessTokenProvider]>([
    [
      'throws',
      () => {
        throw new Error('secret-1');
      },
    ],
    ['rejects', () => Promise.reject(new TypeError('secret-1'))],
    ['rejects with a text', () => Promise.reject('secret-1')],
    ['never answers', () => new Promise(() => {})],
  ])('are waited for where the provider %s, without a word of what it said', async (_what, bring) => {
    const source = sourceOf(bring, { timeoutMs: 20 });
    const answer = await source.ask();
    expect(answer).toMatchObject({ outcome: 'none', code: 'XW_XERO_TOKEN_UNAVAILABLE' });
    expect(JSON.stringify([answer, source.lines])).not.toContain('secret-1');
    await source.ask();
    expect(source.asked).toHaveLength(1);
    source.pass(15_000);
    await source.ask();
    expect(source.asked).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a text', 'token'],
    ['no token', { expiresAt: 5 }],
    ['no date', { accessToken: 'token' }],
    ['a date that is none', { accessToken: 'token', expiresAt: 'soon' }],
    ['null for a date', { accessToken: 'token', expiresAt: null }],
    ['a token with a line break', { accessToken: 'a\nb', expiresAt: 5 }],
    ['an empty token', { accessToken: '', expiresAt: 5 }],
  ])('are refused where the provider brings %s', async (_what, brought) => {
    const source = sourceOf(() => brought as null);
    expect(await source.ask()).toMatchObject({ outcome: 'none', code: 'XW_XERO_TOKEN_MALFORMED' });
  });

  it('are used for a moment even if they are said to have expired', async () => {
    const source = sourceOf(() => ({ accessToken: 'token', expiresAt: 0 }));
    expect(await source.ask()).toEqual({ outcome: 'token', accessToken: 'token' });
    await source.ask();
    expect(source.asked).toHaveLength(1);
  });
});
