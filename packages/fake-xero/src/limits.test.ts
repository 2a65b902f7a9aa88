import { describe, expect, it } from 'vitest';
import { apiOf, get, startStopped } from './fake-xero-for-tests.ts';

const MINUTE_MS = 60_000;

/** The headers of the limits that an answer has. */
function limitsIn({ status, headers }: Response): Record<string, unknown> {
  const names = ['x-minlimit-remaining', 'x-daylimit-remaining', 'x-appminlimit-remaining'];
  const refusal = ['x-rate-limit-problem', 'retry-after'].filter((name) => headers.has(name));
  return { status, ...Object.fromEntries([...names, ...refusal].map((name) => [name, headers.get(name)])) };
}

describe('the limits', () => {
  it('are told with every answer, also with a 404', async () => {
    const api = apiOf(await startStopped());
    expect(limitsIn(await api('Invoices'))).toEqual({
      status: 200,
      'x-minlimit-remaining': '59',
      'x-daylimit-remaining': '4999',
      'x-appminlimit-remaining': '9999',
    });
    expect(limitsIn(await api('Invoices/nothing'))).toMatchObject({ status: 404, 'x-minlimit-remaining': '58' });
  });

  it('of a minute hold in the minutes of the clock, which do not slide', async () => {
    const xero = await startStopped();
    const api = apiOf(xero);
    xero.clock.advance(59_500);
    for (let call = 0; call < 60; call++) expect((await api('Payments')).status).toBe(200);
    expect(limitsIn(await api('Payments'))).toMatchObject({
      status: 429,
      'x-rate-limit-problem': 'minute',
      'retry-after': '1',
      'x-minlimit-remaining': '0',
      'x-daylimit-remaining': '4940',
    });
    xero.clock.advance(500);
    expect(limitsIn(await api('Payments'))).toMatchObject({ status: 200, 'x-minlimit-remaining': '59' });
  });

  it('of a day end with the day', async () => {
    const xero = await startStopped({ limits: { perDay: 1 } });
    const api = apiOf(xero);
    await api('Payments');
    expect(limitsIn(await api('Payments'))).toMatchObject({
      status: 429,
      'x-rate-limit-problem': 'day',
      'retry-after': String(12 * 60 * 60),
      'x-daylimit-remaining': '0',
    });
    xero.clock.advance(12 * 60 * MINUTE_MS);
    expect((await apiOf(xero)('Payments')).status).toBe(200);
  });

  it('of an organisation leave the others alone, those of the app do not', async () => {
    const xero = await startStopped({ limits: { perMinute: 2, appPerMinute: 3 } });
    const [first, second] = xero.organisations.map(({ tenantId }) => apiOf(xero, tenantId));
    await first!('Payments');
    await first!('Payments');
    expect((await first!('Payments')).headers.get('x-rate-limit-problem')).toBe('minute');
    expect((await second!('Payments')).status).toBe(200);
    expect(limitsIn(await second!('Payments'))).toMatchObject({
      status: 429,
      'x-rate-limit-problem': 'appminute',
      'retry-after': '60',
      'x-appminlimit-remaining': '0',
    });
    const answer = await get(xero, '/connections', xero.grant().access_token);
    expect(answer.headers.get('x-rate-limit-problem')).toBe('appminute');
  });

  it('of calls at once tell no time to wait', async () => {
    const xero = await startStopped();
    const api = apiOf(xero);
    xero.addFault({ kind: 'slow', ms: 1000, times: 5 });
    const slow = Array.from({ length: 5 }, () => api('Payments'));
    await expect.poll(() => xero.calls()).toHaveLength(5);
    const refused = await api('Payments');
    expect(limitsIn(refused)).toMatchObject({ status: 429, 'x-rate-limit-problem': 'concurrent' });
    expect(refused.headers.has('retry-after')).toBe(false);
    const other = apiOf(xero, xero.organisations[1]!.tenantId);
    expect((await other('Payments')).status).toBe(200);

    xero.clock.advance(1000);
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect((await api('Payments')).status).toBe(200);
    expect(xero.usage(xero.organisations[0]!.tenantId)).toMatchObject({ maxSimultaneous: 6, tooManyRequests: 1 });
  });

  it('can be changed on the way', async () => {
    const xero = await startStopped();
    xero.setLimits({ perMinute: 0 });
    expect((await apiOf(xero)('Payments')).status).toBe(429);
  });
});

describe('the log of calls', () => {
  it('has every call, in the order in which they came', async () => {
    const xero = await startStopped();
    const { tenantId } = xero.organisations[0]!;
    await apiOf(xero)('Invoices?page=1&pageSize=2');
    xero.clock.advance(1);
    await fetch(`${xero.url}/connect/token`, { method: 'POST' });
    const common = { time: xero.clock.now(), simultaneous: 1 };
    expect(xero.calls()).toEqual([
      {
        ...common,
        time: common.time - 1,
        method: 'GET',
        path: '/api.xro/2.0/Invoices',
        query: 'page=1&pageSize=2',
        tenantId,
        status: 200,
      },
      { ...common, method: 'POST', path: '/connect/token', query: '', status: 400 },
    ]);
    xero.forgetCalls();
    expect(xero.calls()).toEqual([]);
  });

  it('can be followed, each call when it is over', async () => {
    const followed: [path: string, status: number | undefined][] = [];
    const xero = await startStopped({ onCall: ({ path, status }) => followed.push([path, status]) });
    await apiOf(xero)('Payments');
    await fetch(`${xero.url}/__fake/calls`);
    xero.addFault({ kind: 'reset' });
    await expect(apiOf(xero)('Invoices')).rejects.toThrow('fetch failed');
    expect(followed).toEqual([
      ['/api.xro/2.0/Payments', 200],
      ['/api.xro/2.0/Invoices', undefined],
    ]);
  });

  it('tells the most calls in one minute, for each organisation', async () => {
    const xero = await startStopped({ limits: { perMinute: 2 } });
    const api = apiOf(xero);
    const { tenantId } = xero.organisations[0]!;
    await api('Payments');
    xero.clock.advance(MINUTE_MS);
    for (let call = 0; call < 3; call++) await api('Payments');
    expect(xero.usage(tenantId)).toEqual({ calls: 4, maxPerMinute: 3, maxSimultaneous: 1, tooManyRequests: 1 });
    expect(xero.usage(xero.organisations[1]!.tenantId)).toMatchObject({ calls: 0, maxPerMinute: 0 });
  });
});
