import { createClock } from '@xero-webhooks/fake-xero';
import { describe, expect, inject, it } from 'vitest';
import { ROOT, startProcess, until } from '@xero-webhooks/testing';
import type { TokenAnswer } from '../tokens/token-source.ts';
import { grantSystem, KEY, MINUTE_MS } from './grants-for-tests.ts';

const PROCESSES = 8;
const PROGRAM = new URL('token-asking-process.ts', import.meta.url).pathname.slice(ROOT.length);

describe('eight processes and two organisations on one grant', () => {
  it('renew its expired token set once, and all get the same token', async () => {
    const system = await grantSystem({ clock: createClock() });
    await system.connect();
    const aheadMs = 31 * MINUTE_MS;
    system.xero.clock.advance(aheadMs);
    // Slow enough for every process to come to it.
    system.xero.addFault({ kind: 'slow', ms: 500, on: { path: '/connect/token' } });
    const processes = Array.from({ length: PROCESSES }, () =>
      startProcess([PROGRAM], {
        REDIS_URL: inject('redis').url,
        PREFIX: system.prefix,
        XERO_URL: system.xero.url,
        KEY,
        TENANTS: system.xero.organisations.map(({ tenantId }) => tenantId).join(','),
        AHEAD_MS: String(aheadMs),
      }),
    );
    const readyKey = `${system.prefix}:ready`;
    await until(async () => (await system.client.get(readyKey)) === String(PROCESSES), 'all to be ready');
    await system.client.rpush(`${system.prefix}:turns`, ...processes.map((_, index) => index));

    const lines = await Promise.all(processes.map((each) => each.line(({ msg }) => msg === 'answered')));
    const answers = lines.flatMap((line) => line['answers'] as TokenAnswer[]);
    expect(answers).toHaveLength(2 * PROCESSES);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ outcome: 'token' });
    const asked = system.xero.calls().filter(({ path }) => path === '/connect/token');
    expect(asked.map(({ method, status }) => [method, status])).toEqual([['POST', 200]]);
  });

  it('renew it once more where the one that did so was killed in the middle', async () => {
    const system = await grantSystem({ clock: createClock() });
    const { grantId, tokens } = await system.connect();
    const aheadMs = 31 * MINUTE_MS;
    system.xero.clock.advance(aheadMs);
    system.xero.addFault({ kind: 'slow', ms: 60_000, on: { path: '/connect/token' } });
    const [tenantId] = system.xero.organisations.map((organisation) => organisation.tenantId) as [string];
    const victim = startProcess([PROGRAM], {
      REDIS_URL: inject('redis').url,
      PREFIX: system.prefix,
      XERO_URL: system.xero.url,
      KEY,
      TENANTS: tenantId,
      AHEAD_MS: String(aheadMs),
    });
    await system.client.rpush(`${system.prefix}:turns`, 'go');
    await until(() => system.tokenCalls() === 1, 'the refresh to be under way');
    victim.child.kill('SIGKILL');
    await victim.ended;

    const { signal } = new AbortController();
    const kept = await system.source({ waitMs: 100 }).tokenOf(tenantId, { signal });
    expect(kept).toMatchObject({ outcome: 'none', code: 'XW_XERO_TOKEN_UNAVAILABLE' });
    // As time would do.
    await system.client.del(`${system.prefix}:{grant-${grantId}}:lock`);
    const answer = await system.source().tokenOf(tenantId, { signal });
    expect(answer).toMatchObject({ outcome: 'token' });
    expect(answer).not.toMatchObject({ accessToken: tokens.accessToken });
    expect(system.tokenCalls()).toBe(2);
  });
});
