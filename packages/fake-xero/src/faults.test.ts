import { describe, expect, it } from 'vitest';
import { apiOf, startStopped } from './fake-xero-for-tests.ts';
import type { FaultKind } from './faults.ts';

describe('a fault', () => {
  it.each([500, 503])(
    'is a status %i, with the headers of the limits, for as many calls as it says',
    async (status) => {
      const xero = await startStopped();
      const api = apiOf(xero);
      xero.addFault({ kind: 'status', status, times: 2 });
      const answers = [await api('Invoices'), await api('Invoices'), await api('Invoices')];
      expect(answers.map((answer) => answer.status)).toEqual([status, status, 200]);
      expect(answers[0]!.headers.get('x-minlimit-remaining')).toBe('59');
      expect(xero.calls().map((call) => call.status)).toEqual([status, status, 200]);
    },
  );

  it('is a 429 that does not tell how long to wait', async () => {
    const xero = await startStopped();
    xero.addFault({ kind: 'too-many-requests' });
    const answer = await apiOf(xero)('Invoices');
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([429, false]);
  });

  it('is an answer that comes late', async () => {
    const xero = await startStopped();
    xero.addFault({ kind: 'slow', ms: 10_000 });
    const answer = apiOf(xero)('Invoices');
    await expect.poll(() => xero.calls()).toEqual([expect.not.objectContaining({ status: 200 })]);
    xero.clock.advance(10_000);
    expect((await answer).status).toBe(200);
  });

  it('is a connection that is reset, and the call has no status', async () => {
    const xero = await startStopped();
    xero.addFault({ kind: 'reset' });
    await expect(apiOf(xero)('Invoices')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    expect(xero.calls()).toEqual([expect.not.objectContaining({ status: expect.anything() })]);
  });

  it('is an answer that is no JSON', async () => {
    const xero = await startStopped();
    xero.addFault({ kind: 'malformed' });
    const answer = await apiOf(xero)('Invoices');
    expect(answer.status).toBe(200);
    await expect(answer.json()).rejects.toThrow(SyntaxError);
  });

  it('is an answer that breaks off', async () => {
    const xero = await startStopped();
    xero.addFault({ kind: 'truncated' });
    const answer = await apiOf(xero)('Invoices');
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow('terminated');
  });

  it('loses an answer whose call was carried out', async () => {
    const xero = await startStopped({ lifetimes: { refreshGraceMs: 0 } });
    const { refresh_token: token } = xero.grant();
    const refresh = (): Promise<Response> => {
      const body = { client_id: 'demo-app', client_secret: 'demo-secret', grant_type: 'refresh_token' };
      return fetch(`${xero.url}/connect/token`, {
        method: 'POST',
        body: new URLSearchParams({ ...body, refresh_token: token! }),
      });
    };
    xero.addFault({ kind: 'reset', on: { path: '/connect/token' } });
    await expect(refresh()).rejects.toThrow('fetch failed');
    expect(await (await refresh()).json()).toEqual({ error: 'invalid_grant' });
  });

  it('strikes the calls that it is for', async () => {
    const xero = await startStopped();
    const [first, second] = xero.organisations.map(({ tenantId }) => apiOf(xero, tenantId));
    xero.addFault({
      kind: 'status',
      status: 500,
      on: { path: '/api.xro/2.0/Invoices', tenantId: xero.organisations[0]!.tenantId, method: 'GET' },
    });
    expect((await second!('Invoices')).status).toBe(200);
    expect((await first!('Contacts')).status).toBe(200);
    expect((await first!('Invoices')).status).toBe(500);

    xero.addFault({ kind: 'status', status: 503, on: ({ query }) => query.has('IDs') });
    expect((await first!('Invoices')).status).toBe(200);
    expect((await first!(`Invoices?IDs=${xero.resourceIds('invoice')[0]}`)).status).toBe(503);
  });

  it('can be taken back', async () => {
    const xero = await startStopped();
    xero.addFault({ kind: 'reset', times: 100 });
    xero.clearFaults();
    expect((await apiOf(xero)('Invoices')).status).toBe(200);
  });

  it('is refused where there is no such kind', async () => {
    const xero = await startStopped();
    expect(() => xero.addFault({ kind: 'nothing' } as unknown as FaultKind)).toThrow(RangeError);
  });
});
