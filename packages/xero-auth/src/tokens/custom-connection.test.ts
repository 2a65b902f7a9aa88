import { describe, expect, it } from 'vitest';
import type { GrantSystem } from '../grants/grants-for-tests.ts';
import { grantSystem, MINUTE_MS, never } from '../grants/grants-for-tests.ts';
import { createCustomConnectionTokens } from './custom-connection.ts';

function sourceOf(system: GrantSystem, clientSecret = 'demo-secret', scopes?: string) {
  const { log, xero } = system;
  const identity = system.identityWith({ clientId: 'demo-custom', clientSecret });
  const source = createCustomConnectionTokens({ identity, log, scopes, now: xero.clock.now });
  return (rejected?: string) => source.tokenOf('any', { rejected, signal: never });
}

describe('the access token of a custom connection', () => {
  it('is asked for once, however many wait for it, and kept until a minute before it ends', async () => {
    const system = await grantSystem();
    const ask = sourceOf(system);
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers[0]).toEqual({ outcome: 'token', accessToken: expect.any(String) });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    system.xero.clock.advance(28 * MINUTE_MS);
    expect(await ask()).toEqual(answers[0]);
    expect(system.tokenCalls()).toBe(1);
    system.xero.clock.advance(MINUTE_MS);
    expect(await ask()).not.toEqual(answers[0]);
    expect(system.tokenCalls()).toBe(2);
  });

  it('is another one where Xero has refused it, but not within a minute', async () => {
    const system = await grantSystem();
    const ask = sourceOf(system, undefined, 'accounting.invoices.read');
    const first = (await ask()) as { accessToken: string };
    expect(await ask(first.accessToken)).toMatchObject({ outcome: 'none', code: 'XW_XERO_UNAUTHORISED' });
    expect(system.tokenCalls()).toBe(1);
    system.xero.clock.advance(MINUTE_MS);
    expect(await ask(first.accessToken)).toMatchObject({ outcome: 'token' });
    expect(await ask(first.accessToken)).not.toEqual(first);
    expect(system.tokenCalls()).toBe(2);
  });

  it('is the old one while Xero is down and it lives, and then there is none for a while', async () => {
    const system = await grantSystem();
    const ask = sourceOf(system);
    const first = await ask();
    system.xero.addFault({ kind: 'status', status: 503, times: 2, on: { path: '/connect/token' } });
    system.xero.clock.advance(29.5 * MINUTE_MS);
    expect(await ask()).toEqual(first);
    expect(await ask()).toEqual(first);
    expect(system.tokenCalls()).toBe(2);
    system.xero.clock.advance(MINUTE_MS);
    expect(await ask()).toMatchObject({ outcome: 'none', code: 'XW_XERO_TOKEN_UNAVAILABLE', retryMs: 5_000 });
    expect(await ask()).toMatchObject({ outcome: 'none', code: 'XW_XERO_TOKEN_UNAVAILABLE' });
    expect(system.tokenCalls()).toBe(3);
    system.xero.clock.advance(5_000);
    expect(await ask()).toMatchObject({ outcome: 'token' });
  });

  it('is not there where Xero does not accept the app, which is one alert', async () => {
    const system = await grantSystem();
    const ask = sourceOf(system, 'a-wrong-secret');
    const answer = await ask();
    expect(answer).toMatchObject({ outcome: 'none', code: 'XW_XERO_CLIENT_REFUSED', retryMs: 60_000 });
    expect(await ask()).toEqual(answer);
    system.xero.clock.advance(MINUTE_MS);
    await ask();
    expect(system.tokenCalls()).toBe(2);
    expect(system.lines).toEqual([expect.objectContaining({ level: 'error', alert: 'client-refused' })]);
    expect(JSON.stringify([answer, system.lines])).not.toContain('a-wrong-secret');
  });
});
