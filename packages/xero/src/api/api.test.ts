import { inspect } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Fault } from '@xero-webhooks/fake-xero';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import { serve } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { XeroCall } from './api.ts';
import { createXeroApi } from './api.ts';

const never = new AbortController().signal;

/** A client of the fake, with a token of its first organisation. */
async function clientOfFake({ timeoutMs = 5_000 } = {}) {
  const xero = await startFakeXero();
  onTestFinished(xero.stop);
  const api = createXeroApi({ apiUrl: xero.url, timeoutMs });
  onTestFinished(api.close);
  const { tenantId } = xero.organisations[0]!;
  const { access_token: token } = xero.grant();
  const call: XeroCall = { tenantId, path: '/api.xro/2.0/Invoices', query: 'page=1' };
  return {
    xero,
    token,
    call,
    get: (more: Partial<XeroCall> = {}) => api.call({ ...call, ...more }, token, never),
    api,
  };
}

describe('the client of Xero’s API', () => {
  it('reads an answer, its size and what is left of the limits', async () => {
    const { get } = await clientOfFake();
    const result = await get();
    expect(result).toMatchObject({
      outcome: 'answered',
      status: 200,
      left: { minute: 59, day: 4_999, appMinute: 9_999 },
      value: { Invoices: expect.arrayContaining([expect.objectContaining({ UpdatedDateUTC: expect.any(Date) })]) },
    });
    expect(result.bytes).toBeGreaterThan(1_000);
  });

  it.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ])('counts an answer packed with %s as it came', async (encoding, pack) => {
    const packed = pack(JSON.stringify({ Invoices: Array.from({ length: 500 }, () => ({ InvoiceID: 'i-1' })) }));
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(packed);
    });
    const api = createXeroApi({ apiUrl: url });
    onTestFinished(api.close);
    const result = await api.call({ tenantId: 't-1', path: '/api.xro/2.0/Invoices' }, 'token', never);
    expect(result).toMatchObject({ outcome: 'answered', bytes: packed.length });
    expect('value' in result && (result.value as { Invoices: unknown[] }).Invoices).toHaveLength(500);
  });

  it('says in Xero’s words why it was refused, with Xero’s own number of the call', async () => {
    const { get, api, call } = await clientOfFake();
    expect(await get({ path: '/api.xro/2.0/Invoices/none' })).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'XW_XERO_NOT_FOUND',
        status: 404,
        message: "Xero answered 404: The resource you're looking for cannot be found",
        correlationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(await api.call(call, 'no-token', never)).toMatchObject({
      outcome: 'unauthorised',
      error: { code: 'XW_XERO_UNAUTHORISED', status: 401, message: 'Xero answered 401: AuthenticationUnsuccessful' },
    });
    expect(await get({ tenantId: 'somebody-else' })).toMatchObject({ outcome: 'forbidden', error: { status: 403 } });
    expect(await get({ query: 'page=0' })).toMatchObject({
      outcome: 'failed',
      error: {
        code: 'XW_XERO_REFUSED',
        status: 400,
        message: expect.stringContaining('page must be a whole number from 1'),
      },
    });
  });

  it.each<[string, Fault, object]>([
    ['500', { kind: 'status', status: 500 }, { outcome: 'transient', error: { code: 'XW_XERO_REFUSED', status: 500 } }],
    ['503', { kind: 'status', status: 503 }, { outcome: 'transient', error: { code: 'XW_XERO_REFUSED', status: 503 } }],
    [
      'a firewall’s page',
      { kind: 'firewall' },
      {
        outcome: 'transient',
        error: {
          code: 'XW_XERO_BLOCKED',
          status: 403,
          message: expect.stringContaining('("Access Denied", server AkamaiGHost, reference 18.2d35.1763.5e07)'),
        },
      },
    ],
    [
      'a proxy’s page that asks for a login',
      { kind: 'firewall', status: 407 },
      { outcome: 'transient', error: { code: 'XW_XERO_BLOCKED' } },
    ],
    ['a reset connection', { kind: 'reset' }, { outcome: 'transient', error: { code: 'XW_XERO_UNREACHABLE' } }],
    ['half an answer', { kind: 'truncated' }, { outcome: 'transient', error: { code: 'XW_XERO_UNREACHABLE' } }],
    ['no JSON', { kind: 'malformed' }, { outcome: 'transient', error: { code: 'XW_XERO_ANSWER', status: 200 } }],
    [
      '429 without Retry-After',
      { kind: 'too-many-requests' },
      { outcome: 'too-many', limit: 'minute', retryAfterMs: undefined },
    ],
  ])('tells what %s is, and is well afterwards', async (_what, fault, expected) => {
    const { xero, get } = await clientOfFake();
    xero.addFault(fault);
    expect(await get()).toMatchObject(expected);
    expect(await get()).toMatchObject({ outcome: 'answered' });
  });

  it('tells which limit was reached, and how long Xero wants to be left alone', async () => {
    const { xero, get } = await clientOfFake();
    xero.setLimits({ perDay: 0 });
    const day = await get();
    expect(day).toMatchObject({ outcome: 'too-many', limit: 'day', left: { day: 0 } });
    expect('retryAfterMs' in day && day.retryAfterMs).toBeGreaterThan(0);
    xero.setLimits({ perDay: 5_000, simultaneous: 0 });
    expect(await get()).toMatchObject({ outcome: 'too-many', limit: 'concurrency', retryAfterMs: undefined });
  });

  it('gives up a Xero that takes too long', async () => {
    const { xero, get } = await clientOfFake({ timeoutMs: 50 });
    xero.addFault({ kind: 'slow', ms: 60_000 });
    expect(await get()).toMatchObject({
      outcome: 'transient',
      status: 0,
      error: { code: 'XW_XERO_UNREACHABLE', message: 'Xero could not be reached (it took too long)' },
    });
  });

  it('gives a call up when it is told to', async () => {
    const { xero, api, call, token } = await clientOfFake();
    xero.addFault({ kind: 'slow', ms: 60_000 });
    const stop = new AbortController();
    const result = api.call(call, token, stop.signal);
    stop.abort(new Error('enough'));
    expect(await result).toMatchObject({ outcome: 'transient', error: { code: 'XW_XERO_UNREACHABLE' } });
  });

  it('keeps its connections', async () => {
    const { get } = await clientOfFake();
    await get();
    const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
    for (let call = 0; call < 20; call++) await get();
    expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length).toBe(sockets);
  });

  it('shows its token nowhere, whatever goes wrong', async () => {
    const { xero, get, api, call, token } = await clientOfFake();
    const faults: Fault[] = [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 401 },
      { kind: 'reset' },
      { kind: 'truncated' },
      { kind: 'malformed' },
      { kind: 'too-many-requests' },
    ];
    for (const fault of faults) xero.addFault(fault);
    const results = [];
    for (const _fault of faults) results.push(await get());
    const nowhere = createXeroApi({ apiUrl: 'http://127.0.0.1:1' });
    onTestFinished(nowhere.close);
    results.push(await nowhere.call(call, token, never), await api.call(call, `${token}\u0000`, never));
    expect(inspect(results, { depth: 20, showHidden: true })).not.toContain(token.slice(0, 40));
  });
});
