import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Sent } from '@xero-webhooks/handlers';
import { serve, testClient, testPrefix } from '@xero-webhooks/testing';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Change } from './breaker.ts';
import { createBreaker } from './breaker.ts';
import { createForwarder } from './forwarder.ts';
import { createPlaces } from './places.ts';

const SECRET = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;

function openForwarder({ allowPrivate = true, places = 4, prefix = testPrefix() } = {}) {
  const outcomes: Sent['outcome'][] = [];
  const changes: { shown: string; change: Change; reason: string }[] = [];
  const { forwarder, close } = createForwarder({
    allowPrivate,
    breaker: createBreaker(testClient(), prefix),
    places: createPlaces(places),
    onSent: (outcome) => outcomes.push(outcome),
    onChange: (shown, change, reason) => changes.push({ shown, change, reason }),
  });
  onTestFinished(close);
  const send = (url: string, id = 'x1.forward', signal = new AbortController().signal) =>
    forwarder({ url, secrets: [SECRET], id, body: async () => '{"type":"invoice.updated"}', signal });
  return { forwarder, send, outcomes, changes };
}

/** A receiver, and what it has got. */
async function receiver(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const got: { headers: IncomingMessage['headers']; body: string }[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await request.toArray()).toString();
    got.push({ headers: request.headers, body });
    answer(request, response);
  };
  const url = await serve((request, response) => void receive(request, response));
  return { url, got };
}

describe('a forwarder', () => {
  it('posts a message that its receiver can verify', async () => {
    const { url, got } = await receiver((_request, response) => response.writeHead(204).end());
    const { send, outcomes } = openForwarder();
    expect(await send(`${url}/in?for=me`)).toEqual({ outcome: 'delivered' });
    const [{ headers, body } = { headers: {}, body: '' }] = got;
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual({ type: 'invoice.updated' });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'x1.forward',
      'user-agent': 'xero-webhooks',
    });
    expect(outcomes).toEqual(['delivered']);
  });

  it('takes an answer of any length', async () => {
    const { url } = await receiver((_request, response) => response.end('x'.repeat(1_000_000)));
    expect(await openForwarder().send(url)).toEqual({ outcome: 'delivered' });
  });

  it('does not follow a redirect to where it may not go', async () => {
    const inner = await receiver((_request, response) => response.end());
    const { url } = await receiver((_request, response) => response.writeHead(307, { location: inner.url }).end());
    expect(await openForwarder().send(url)).toMatchObject({ outcome: 'failed', error: { status: 307 } });
    expect(inner.got).toEqual([]);
  });

  it('sends nothing to an address that is not public, nor to a name that leads to one', async () => {
    const { url, got } = await receiver((_request, response) => response.end());
    const { port } = new URL(url);
    const { send } = openForwarder({ allowPrivate: false });
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]']) {
      expect(await send(`http://${host}:${port}/`)).toMatchObject({
        outcome: 'failed',
        error: { code: 'XW_FORWARD_PRIVATE' },
      });
    }
    expect(got).toEqual([]);
  });

  it('leaves a receiver alone that keeps failing, and says so once', async () => {
    const { url, got } = await receiver((_request, response) => response.writeHead(500).end());
    const { send, changes } = openForwarder();
    const sent: Sent[] = [];
    for (let message = 0; message < 20; message++) sent.push(await send(url, `x${message}.forward`));
    expect(sent.map(({ outcome }) => outcome)).toEqual([
      ...Array<string>(5).fill('failed'),
      ...Array<string>(15).fill('parked'),
    ]);
    expect(got).toHaveLength(5);
    const { origin } = new URL(url);
    expect(sent.at(-1)).toMatchObject({
      reason: `${origin} keeps failing (it answered 500): messages to it wait`,
    });
    expect(changes).toEqual([{ shown: origin, change: { change: 'opened', ms: 5_000 }, reason: 'it answered 500' }]);
  });

  it('makes no message that cannot go: what it takes, such as a call of Xero, is not wasted', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const { url: slow } = await receiver(() => undefined);
    const { forwarder } = openForwarder({ places: 5 });
    const stop = new AbortController();
    let made = 0;
    const body = async (): Promise<string> => String(++made);
    const message = (id: number, to: string) => ({
      url: to,
      secrets: [SECRET],
      id: `x${id}.forward`,
      body,
      signal: stop.signal,
    });
    for (let id = 0; id < 10; id++) await forwarder(message(id, url));
    expect(made).toBe(5);
    const sent = Array.from({ length: 10 }, (_, id) => forwarder(message(id, slow)));
    await Promise.all(sent.slice(5));
    expect(made).toBe(10);
    stop.abort();
    await Promise.all(sent);
  });

  it('parks a probe that fails: it uses no attempt', async () => {
    const prefix = testPrefix();
    const { url } = await receiver((_request, response) => response.writeHead(503).end());
    const { send } = openForwarder({ prefix });
    for (let message = 0; message < 5; message++) await send(url, `x${message}.forward`);
    const [key] = await testClient().keys(`${prefix}:{forward}:*`);
    await testClient().hset(key!, 'until', 1);
    const sent = await send(url, 'x1.forward');
    expect(sent).toMatchObject({ outcome: 'parked', reason: expect.stringContaining('it answered 503') });
    // Twice as long as the first time.
    expect(sent.outcome === 'parked' && sent.delayMs).toBeGreaterThan(5_000);
  });

  it('lets another message probe where the first cannot be made', async () => {
    const prefix = testPrefix();
    let isWell = false;
    const { url } = await receiver((_request, response) => response.writeHead(isWell ? 200 : 500).end());
    const { forwarder, send } = openForwarder({ prefix });
    for (let message = 0; message < 5; message++) await send(url, `x${message}.forward`);
    isWell = true;
    const [key] = await testClient().keys(`${prefix}:{forward}:*`);
    await testClient().hset(key!, 'until', 1);
    const body = async (): Promise<never> => {
      throw new Error('no budget');
    };
    const { signal } = new AbortController();
    const failing = forwarder({ url, secrets: [SECRET], id: 'x6.forward', body, signal });
    await expect(failing).rejects.toThrow('no budget');
    expect(await send(url, 'x7.forward')).toEqual({ outcome: 'delivered' });
  });

  it('lets no more messages wait for a receiver than there are places', async () => {
    const { url, got } = await receiver(() => undefined);
    const { send } = openForwarder({ places: 3 });
    const stop = new AbortController();
    const sent = Array.from({ length: 10 }, (_, message) => send(url, `x${message}.forward`, stop.signal));
    const others = await Promise.all(sent.slice(3));
    expect(others.map(({ outcome }) => outcome)).toEqual(Array<string>(7).fill('parked'));
    expect(got).toHaveLength(3);
    stop.abort();
    expect((await Promise.all(sent.slice(0, 3))).map(({ outcome }) => outcome)).toEqual(
      Array<string>(3).fill('failed'),
    );
    // Those that were stopped say nothing of the receiver.
    const { url: well } = await receiver((_request, response) => response.end());
    expect(await send(well)).toEqual({ outcome: 'delivered' });
  });

  it('counts a receiver that is too slow for the time limit of its handler as one that fails', async () => {
    const { url } = await receiver(() => undefined);
    const { send, changes } = openForwarder({ places: 10 });
    const limit = (): AbortSignal => AbortSignal.timeout(50);
    await Promise.all([1, 2, 3, 4, 5].map((message) => send(url, `x${message}.forward`, limit())));
    expect(changes).toMatchObject([{ change: { change: 'opened' }, reason: 'it did not answer in time' }]);
  });

  it('says that nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    expect(await openForwarder().send(`http://127.0.0.1:${port}/`)).toMatchObject({
      outcome: 'failed',
      error: { code: 'XW_FORWARD_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it.each([[[]], [['']], [['hunter2']], [[SECRET, 'hunter2']]])(
    'refuses secrets of a wrong form, and does not show them: %j',
    async (secrets) => {
      const { url, got } = await receiver((_request, response) => response.end());
      const { forwarder } = openForwarder();
      const { signal } = new AbortController();
      expect(await forwarder({ url, secrets, id: 'x', body: async () => '{}', signal })).toMatchObject({
        outcome: 'failed',
        error: { code: 'XW_FORWARD_OPTIONS', message: expect.not.stringContaining('hunter2') },
      });
      expect(got).toEqual([]);
    },
  );

  it('gives up on what is too large to send', async () => {
    const { url, got } = await receiver((_request, response) => response.end());
    const { forwarder } = openForwarder();
    const { signal } = new AbortController();
    const body = async (): Promise<string> => JSON.stringify('x'.repeat(10_000_000));
    expect(await forwarder({ url, secrets: [SECRET], id: 'x', body, signal })).toMatchObject({ outcome: 'gone' });
    expect(got).toEqual([]);
  });
});
