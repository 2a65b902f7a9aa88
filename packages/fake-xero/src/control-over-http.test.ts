import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import type { FakeXero } from './fake-xero.ts';
import { apiOf, startStopped } from './fake-xero-for-tests.ts';

function control(xero: FakeXero, call: string, body?: unknown): Promise<Response> {
  const [method, path] = call.split(' ');
  const words = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${xero.url}/__fake/${path}`, { method: method!, ...words });
}

describe('another process', () => {
  it('changes one resource, or several', async () => {
    const xero = await startStopped();
    const one = (await (await control(xero, 'POST change', { category: 'invoice' })).json()) as { resourceId: string };
    expect((await apiOf(xero)(`Invoices/${one.resourceId}`)).status).toBe(200);
    const two = await control(xero, 'POST change', [{ category: 'contact' }, { category: 'payment' }]);
    expect(await two.json()).toHaveLength(2);
  });

  it('reads the ids of the resources of a kind', async () => {
    const xero = await startStopped();
    const { tenantId } = xero.organisations[1]!;
    const { resourceId } = xero.change({ category: 'contact', tenantId });
    const ids = await control(xero, `GET resources?category=contact&tenantId=${tenantId}`);
    expect(await ids.json()).toEqual([...xero.resourceIds('contact', tenantId).slice(0, -1), resourceId]);
    expect(await (await control(xero, 'GET resources?category=contact')).json()).toEqual(xero.resourceIds('contact'));
  });

  it('reads the organisations, the calls and the usage, and is no call itself', async () => {
    const xero = await startStopped();
    const { tenantId } = xero.organisations[0]!;
    await apiOf(xero)('Invoices');
    expect(await (await control(xero, 'GET organisations')).json()).toEqual(xero.organisations);
    expect(await (await control(xero, 'GET calls')).json()).toEqual(xero.calls());
    expect(await (await control(xero, 'GET usage')).json()).toMatchObject({ [tenantId]: { calls: 1 } });
    await control(xero, 'DELETE calls');
    expect(xero.calls()).toEqual([]);
  });

  it('sets faults, limits, the clock and the consent', async () => {
    const xero = await startStopped();
    const api = apiOf(xero);
    await control(xero, 'POST faults', { kind: 'status', status: 503, times: 2 });
    expect((await api('Invoices')).status).toBe(503);
    await control(xero, 'DELETE faults');
    expect((await api('Invoices')).status).toBe(200);
    await control(xero, 'PATCH limits', { perMinute: 2 });
    expect((await api('Invoices')).status).toBe(429);
    await control(xero, 'POST clock', { advanceMs: 60_000 });
    expect((await api('Invoices')).status).toBe(200);
    expect((await control(xero, 'POST consent', { denied: true })).status).toBe(204);
  });

  it('gets a grant', async () => {
    const xero = await startStopped();
    const set = (await (await control(xero, 'POST grant')).json()) as { access_token: string };
    const headers = { authorization: `Bearer ${set.access_token}` };
    expect((await fetch(`${xero.url}/connections`, { headers })).status).toBe(200);
  });

  it('sets, reads and removes where the webhook goes', async () => {
    const xero = await startStopped();
    await control(xero, 'PUT webhook', { url: 'http://127.0.0.1:9/', key: 'a key' });
    const state = { enabled: true, pending: 0, lostEvents: 0 };
    expect(await (await control(xero, 'GET webhook')).json()).toEqual({
      ...state,
      url: 'http://127.0.0.1:9/',
      attempts: [],
    });
    await control(xero, 'DELETE webhook');
    expect(xero.webhook.state()).toEqual(state);
  });

  it.each([
    ['POST change', { category: 'payrun' }],
    ['POST change', { category: 'invoice', tenantId: 'nobody' }],
    ['POST faults', { kind: 'nothing' }],
    ['POST clock', {}],
    ['POST grant', { clientId: 'nobody' }],
    ['PUT webhook', { url: 'http://127.0.0.1:9/' }],
    ['PATCH limits', []],
    ['POST change?eventsPerPayload=0', { category: 'invoice' }],
    ['POST change?eventsPerPayload=many', { category: 'invoice' }],
    ['GET resources?category=payrun', undefined],
    ['GET resources?category=invoice&tenantId=nobody', undefined],
    ['GET webhook/attempts?first=1', undefined],
  ])('is told what is wrong with %s %j', async (call, body) => {
    const answer = await control(await startStopped(), call, body);
    expect([answer.status, await answer.json()]).toEqual([400, { error: expect.any(String) }]);
  });

  it('is told of a path that there is not', async () => {
    expect((await control(await startStopped(), 'GET nothing')).status).toBe(404);
  });
});

describe('another machine', () => {
  const address = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

  it.skipIf(address === undefined)('does not control the fake, even where it listens everywhere', async () => {
    const { url } = await startStopped({ host: '0.0.0.0' });
    const { port } = new URL(url);
    expect((await fetch(`http://${address}:${port}/__fake/calls`)).status).toBe(403);
    expect((await fetch(`http://127.0.0.1:${port}/__fake/calls`)).status).toBe(200);
  });
});

describe('a fake Xero', () => {
  it('tells an app by its environment where to find it', async () => {
    const xero = await startStopped();
    expect(xero.environment).toEqual({
      XERO_API_URL: xero.url,
      XERO_IDENTITY_URL: xero.url,
      XERO_LOGIN_URL: xero.url,
      XERO_CLIENT_ID: 'demo-app',
      XERO_CLIENT_SECRET: 'demo-secret',
    });
  });

  it('answers 404 where Xero documents nothing', async () => {
    const xero = await startStopped();
    const subscriptions = `${xero.url}/connections/webhooks/subscriptions`;
    const headers = { authorization: `Bearer ${xero.grant().access_token}` };
    expect((await fetch(subscriptions, { method: 'POST', headers, body: '{}' })).status).toBe(404);
    expect((await fetch(xero.url)).status).toBe(404);
  });

  it('rejects where its port is taken', async () => {
    const { url } = await startStopped();
    await expect(startStopped({ port: Number(new URL(url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
