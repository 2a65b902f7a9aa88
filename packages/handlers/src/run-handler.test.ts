import { describe, expect, it, onTestFinished } from 'vitest';
import { createCalls } from './calls.ts';
import type { Forwarder, Message, Sent } from './forwarder.ts';
import type { Context, Handler, HandlerLog, NamedEvent } from './handler.ts';
import type { HandlerOutcome, RunHandlerOptions } from './run-handler.ts';
import { runHandler } from './run-handler.ts';
import type { Read, ReadOptions, XeroAccess } from './xero-access.ts';

const event: NamedEvent = {
  resourceUrl: 'https://api.xero.com/api.xro/2.0/Invoices/i-1',
  resourceId: 'i-1',
  tenantId: 't-1',
  tenantType: 'ORGANISATION',
  eventCategory: 'INVOICE',
  eventType: 'UPDATE',
  eventDateUtc: '2026-01-01T00:00:00',
  name: 'invoice.updated',
  source: 'webhook',
};

const silent = (): void => {};
const log: HandlerLog = { debug: silent, info: silent, warn: silent, error: silent };

/** Reads that come to what is given. */
function accessTo(read: (words: ReadOptions) => Promise<Read<unknown>> | Read<unknown>): XeroAccess {
  const answer = async (words: ReadOptions): Promise<Read<unknown>> => read(words);
  return {
    resource: answer,
    get: (_path, _query, words) => answer(words),
    page: async (_path, number, _options, words) => {
      const page = await answer(words);
      return page.outcome === 'parked' ? page : { outcome: 'read', value: { items: [page.value], more: number < 3 } };
    },
  };
}

/** A forwarder for which every message comes to the same. */
function forwarderOf(sent: Sent): { forwarder: Forwarder; messages: (Omit<Message, 'body'> & { body: string })[] } {
  const messages: (Omit<Message, 'body'> & { body: string })[] = [];
  return {
    messages,
    forwarder: async (message) => {
      messages.push({ ...message, body: await message.body() });
      return sent;
    },
  };
}

const nothing = accessTo(() => ({ outcome: 'read', value: undefined }));

function run(handle: Handler, options: Partial<RunHandlerOptions> = {}): Promise<HandlerOutcome> {
  const handler = { name: 'record', events: ['*'], handle, latestOnly: false, timeoutMs: undefined };
  return runHandler(handler, {
    event,
    idempotencyKey: 'x1.record',
    attempt: 1,
    log,
    xero: nothing,
    forwarder: forwarderOf({ outcome: 'delivered' }).forwarder,
    calls: createCalls(),
    failsUnawaited: false,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    ...options,
  });
}

const never = (): Promise<never> => new Promise(() => {});

/** Rejections that nobody handles while the test runs. */
function unhandledRejections(): unknown[] {
  const seen: unknown[] = [];
  const listener = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', listener);
  onTestFinished(() => void process.off('unhandledRejection', listener));
  return seen;
}

/** Node reports unhandled rejections once the microtasks of a turn are done. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a run of a handler', () => {
  it.each([
    ['returns nothing', () => {}],
    ['returns something', () => 5],
    ['returns a promise', async () => 5],
    ['returns something that is awaited like a promise', () => promiseLike((done) => done())],
  ])('succeeds where it %s', async (_what, handle) => {
    expect(await run(handle)).toEqual({ outcome: 'succeeded' });
  });

  it('gives it the event and its context', async () => {
    let got: { event: NamedEvent; context: Context } | undefined;
    await run((given, context) => void (got = { event: given, context }), {
      attempt: 3,
      idempotencyKey: 'x2.record',
    });
    expect(got!.event).toBe(event);
    expect(got!.context).toEqual({
      idempotencyKey: 'x2.record',
      attempt: 3,
      log,
      signal: expect.any(AbortSignal),
      giveUp: expect.any(Function),
      retryIn: expect.any(Function),
      resource: expect.any(Function),
      xero: { get: expect.any(Function), list: expect.any(Function) },
      forward: expect.any(Function),
    });
    expect(got!.context.signal.aborted).toBe(false);
  });

  it.each([
    [
      'throws',
      () => {
        throw new TypeError('no database');
      },
    ],
    [
      'rejects',
      async () => {
        throw new TypeError('no database');
      },
    ],
    [
      'rejects later',
      async () => {
        await nextTurn();
        throw new TypeError('no database');
      },
    ],
    ['returns a promise-like that rejects', () => promiseLike((_done, fail) => fail(new TypeError('no database')))],
  ])('fails with its error where it %s', async (_what, handle) => {
    const result = await run(handle);
    expect(result).toEqual({ outcome: 'failed', error: expect.any(Error), retryAfterMs: undefined });
    expect(result).toMatchObject({ error: { name: 'TypeError', message: 'no database' } });
  });

  it.each([
    ['undefined', undefined, 'the handler threw undefined'],
    ['null', null, 'the handler threw null'],
    ['a text', 'no database', 'the handler threw no database'],
    ['what is awaited like a promise', promiseLike((done) => done()), 'the handler threw {"then":"[function]"}'],
    ['a symbol', Symbol('no'), 'the handler threw Symbol(no)'],
    ['a frozen object', Object.freeze({ status: 500 }), 'the handler threw {"status":500}'],
    [
      'an object whose toJSON throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
      'the handler threw something that cannot be shown',
    ],
    ['a proxy that throws whatever it is asked', untouchable(), 'the handler threw something that cannot be shown'],
  ])('fails with an error of its own where it throws %s', async (_what, thrown, message) => {
    for (const handle of [
      () => {
        throw thrown as Error;
      },
      () => Promise.reject(thrown),
    ]) {
      const result = await run(handle);
      expect(result).toEqual({ outcome: 'failed', error: expect.any(Error), retryAfterMs: undefined });
      expect(result).toMatchObject({ error: { message } });
    }
  });

  it('fails where it returns what throws when it is awaited', async () => {
    expect(await run(untouchable)).toMatchObject({ outcome: 'failed', error: { name: 'TypeError' } });
  });

  it('fails with a frozen error as it is', async () => {
    const frozen = Object.freeze(new Error('no database'));
    expect(
      await run(() => {
        throw frozen as Error;
      }),
    ).toEqual({ outcome: 'failed', error: frozen, retryAfterMs: undefined });
  });

  it('reads how long a request asks to wait out of the JSON text that xero-node rejects with', async () => {
    const request = { headers: { authorization: 'Bearer a-secret-that-nobody-may-see' } };
    const response = { statusCode: 429, body: '', headers: { 'retry-after': '12' }, request };
    const result = await run(() => Promise.reject(JSON.stringify({ response, body: '' })));
    expect(result).toMatchObject({ outcome: 'failed', retryAfterMs: 12_000 });
    expect(result).toMatchObject({ error: { message: 'the handler threw an answer with status 429' } });
    expect(JSON.stringify(Object.values(result).map((value) => (value as Error).stack))).not.toContain('a-secret');
  });

  it('reads how long a failed request asks to wait', async () => {
    const limited = Object.assign(new Error('429'), { response: { headers: { 'retry-after': '30' } } });
    expect(await run(() => Promise.reject(limited))).toMatchObject({
      outcome: 'failed',
      error: { message: '429' },
      retryAfterMs: 30_000,
    });
  });
});

describe('a run of a handler that never returns', () => {
  it('fails after its time, and aborts its signal', async () => {
    let signal: AbortSignal | undefined;
    const result = await run(
      (_event, context) => {
        signal = context.signal;
        return never();
      },
      { timeoutMs: 5 },
    );
    expect(result).toEqual({ outcome: 'failed', error: expect.any(Error), retryAfterMs: undefined });
    expect(result).toMatchObject({ error: { message: 'timed out after 5 ms' } });
    expect(signal!.aborted).toBe(true);
    expect(signal!.reason).toMatchObject({ message: 'timed out after 5 ms' });
  });

  it('keeps what it said before', async () => {
    const says =
      (word: (context: Context) => never): Handler =>
      (_event, context) => {
        try {
          word(context);
        } catch {
          return never();
        }
      };
    expect(
      await run(
        says((context) => context.giveUp('gone')),
        { timeoutMs: 5 },
      ),
    ).toMatchObject({
      outcome: 'gave-up',
      error: { message: 'gone' },
    });
    expect(
      await run(
        says((context) => context.retryIn(7_000, 'not yet')),
        { timeoutMs: 5 },
      ),
    ).toEqual({
      outcome: 'later',
      delayMs: 7_000,
      reason: 'not yet',
    });
  });

  it('is over for good: what it does afterwards neither counts nor escapes', async () => {
    const unhandled = unhandledRejections();
    const { promise: rejected, resolve: onRejected } = Promise.withResolvers<void>();
    const result = await run(
      async (_event, context) => {
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve));
        await nextTurn();
        onRejected();
        throw new Error('too late');
      },
      { timeoutMs: 5 },
    );
    expect(result).toMatchObject({ outcome: 'failed', error: { message: 'timed out after 5 ms' } });
    await rejected;
    await nextTurn();
    expect(unhandled).toEqual([]);
  });
});

describe('a run that ends before its handler', () => {
  it('hands over a promise that ends with the handler, however that ends', async () => {
    for (const end of ['resolve', 'reject'] as const) {
      const { promise: work, ...settle } = Promise.withResolvers<void>();
      const abandoned: Promise<unknown>[] = [];
      await run(() => work, { timeoutMs: 5, onAbandoned: (ended) => void abandoned.push(ended) });
      expect(abandoned).toHaveLength(1);
      let over = false;
      const watching = abandoned[0]!.then(() => void (over = true));
      await nextTurn();
      expect(over).toBe(false);
      settle[end]();
      await watching;
    }
  });

  it('hands over nothing where the handler ended, or never began', async () => {
    const onAbandoned = (): never => {
      throw new Error('something was handed over');
    };
    await run(() => {}, { onAbandoned });
    await run(() => Promise.reject(new Error('no database')), { onAbandoned });
    await run(() => {}, { onAbandoned, signal: AbortSignal.abort() });
  });
});

describe('what a run says', () => {
  it('has a bounded length', async () => {
    const long = 'x'.repeat(50_000_000);
    const gaveUp = await run((_event, context) => context.giveUp(long));
    expect('error' in gaveUp && gaveUp.error.message.length).toBeLessThan(1_100);
    expect('error' in gaveUp && gaveUp.error.stack!.length).toBeLessThan(5_000);
    const later = await run((_event, context) => context.retryIn(1, long));
    expect('reason' in later && later.reason.length).toBeLessThan(1_100);
    const changed = await run((_event, context) => {
      try {
        context.giveUp('gone');
      } catch (error) {
        (error as Error).message = long;
      }
    });
    expect('error' in changed && changed.error.message.length).toBeLessThan(1_100);
  });
});

describe('a run of a handler that gives up', () => {
  it('ends with its reason', async () => {
    const result = await run((_event, context) => context.giveUp('the contact is gone'));
    expect(result).toMatchObject({ outcome: 'gave-up', error: { name: 'GaveUp', message: 'the contact is gone' } });
  });

  it.each([
    ['catches what that throws', () => {}],
    [
      'turns it into an error of its own',
      () => {
        throw new Error('wrapped');
      },
    ],
    ['asks for a later try afterwards', (context: Context) => context.retryIn(1, 'or not')],
  ])('has given up even if it %s', async (_what, afterwards) => {
    const result = await run(async (_event, context) => {
      try {
        context.giveUp('gone');
      } catch {
        await nextTurn();
        afterwards(context);
      }
    });
    expect(result).toMatchObject({ outcome: 'gave-up', error: { message: 'gone' } });
  });

  it('has done so without a this', async () => {
    expect(await run((_event, { giveUp }) => giveUp('gone'))).toMatchObject({ outcome: 'gave-up' });
  });
});

describe('a run of a handler that asks for a later try', () => {
  it('is put off by as long as it asks', async () => {
    expect(await run((_event, context) => context.retryIn(5_000, 'still importing'))).toEqual({
      outcome: 'later',
      delayMs: 5_000,
      reason: 'still importing',
    });
  });

  it.each([
    ['catches what that throws', () => {}],
    [
      'turns it into an error of its own',
      () => {
        throw new Error('wrapped');
      },
    ],
  ])('is put off even if it %s', async (_what, afterwards) => {
    const result = await run((_event, context) => {
      try {
        context.retryIn(5_000, 'still importing');
      } catch {
        afterwards();
      }
    });
    expect(result).toEqual({ outcome: 'later', delayMs: 5_000, reason: 'still importing' });
  });

  it('waits a minute where it asks for no number', async () => {
    expect(await run((_event, context) => context.retryIn(Number.NaN, 'limited'))).toEqual({
      outcome: 'later',
      delayMs: 60_000,
      reason: 'limited',
    });
  });
});

describe('a run of a handler that the worker stops', () => {
  it('does not begin where it is stopped before', async () => {
    let began = false;
    const result = await run(() => void (began = true), { signal: AbortSignal.abort(new Error('shutting down')) });
    expect(result).toEqual({ outcome: 'aborted', reason: 'shutting down' });
    expect(began).toBe(false);
  });

  it('ends at once, and aborts its signal with the same reason', async () => {
    const stop = new AbortController();
    const reason = new Error('shutting down');
    const { promise: began, resolve: onBegan } = Promise.withResolvers<AbortSignal>();
    const running = run(
      (_event, context) => {
        onBegan(context.signal);
        return never();
      },
      { signal: stop.signal },
    );
    const signal = await began;
    stop.abort(reason);
    expect(await running).toEqual({ outcome: 'aborted', reason: 'shutting down' });
    expect(signal.reason).toBe(reason);
  });

  it.each([
    [
      'rejects',
      async (signal: AbortSignal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        throw new Error('interrupted');
      },
    ],
    [
      'stops itself by it',
      (signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    ],
  ])('uses no attempt, and leaves no unhandled rejection, where it then %s', async (_what, handle) => {
    const unhandled = unhandledRejections();
    const stop = new AbortController();
    const running = run((_event, { signal }) => handle(signal), { signal: stop.signal });
    stop.abort(new Error('shutting down'));
    expect(await running).toEqual({ outcome: 'aborted', reason: 'shutting down' });
    await nextTurn();
    expect(unhandled).toEqual([]);
  });

  it.each([
    ['no reason', undefined, 'This operation was aborted'],
    ['a text for a reason', 'shutting down', 'shutting down'],
  ])('ends in words with %s too', async (_what, reason, words) => {
    const stop = new AbortController();
    const running = run(never, { signal: stop.signal });
    stop.abort(reason);
    expect(await running).toEqual({ outcome: 'aborted', reason: words });
  });

  it('has succeeded where it was done before', async () => {
    const stop = new AbortController();
    const result = await run(() => 'done', { signal: stop.signal });
    stop.abort();
    expect(result).toEqual({ outcome: 'succeeded' });
  });
});

/** What other libraries than the language's own call a promise. */
function promiseLike(then: (done: () => void, fail: (error: Error) => void) => void): object {
  // oxlint-disable-next-line unicorn/no-thenable -- that is what it is for
  return { then };
}

function untouchable(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe('a handler that reads from Xero', () => {
  const invoice = { InvoiceID: 'i-1', InvoiceNumber: 'INV-1' };
  const parked = accessTo(() => ({ outcome: 'parked', delayMs: 5_000, reason: 'no call is left' }));

  it('gets the resource', async () => {
    const seen: unknown[] = [];
    const xero = accessTo(() => ({ outcome: 'read', value: invoice }));
    const outcome = await run(async (_event, context) => void seen.push(await context.resource()), { xero });
    expect(outcome).toEqual({ outcome: 'succeeded' });
    expect(seen).toEqual([invoice]);
  });

  it('walks through the pages of a list', async () => {
    const seen: unknown[] = [];
    let calls = 0;
    const xero = accessTo(() => ({ outcome: 'read', value: ++calls }));
    await run(
      async (_event, context) => {
        for await (const one of context.xero.list('Invoices')) seen.push(one);
      },
      { xero },
    );
    expect(seen).toEqual([1, 2, 3]);
  });

  it.each<[string, Handler]>([
    ['its resource', async (_event, context) => void (await context.resource())],
    ['an address', async (_event, context) => void (await context.xero.get('Organisation'))],
    [
      'a list',
      async (_event, context) => {
        for await (const _one of context.xero.list('Invoices')) return;
      },
    ],
    [
      'its resource, and catches what that throws',
      async (_event, context) => void (await context.resource().catch(() => {})),
    ],
  ])('is parked where there is no call left for %s', async (_what, handle) => {
    expect(await run(handle, { xero: parked })).toEqual({
      outcome: 'parked',
      delayMs: 5_000,
      reason: 'no call is left',
    });
  });

  it('has given up where it did so before it was parked', async () => {
    const outcome = await run(
      async (_event, context) => {
        try {
          context.giveUp('not ours');
        } catch {
          await context.resource();
        }
      },
      { xero: parked },
    );
    expect(outcome).toMatchObject({ outcome: 'gave-up' });
  });

  it('fails with what the read has thrown', async () => {
    const error = new Error('Xero answered 500');
    const xero = accessTo(() => Promise.reject(error));
    const outcome = await run(async (_event, context) => void (await context.resource()), { xero });
    expect(outcome).toMatchObject({ outcome: 'failed', error });
  });

  it.each<[string, XeroAccess]>([
    ['fails', accessTo(() => Promise.reject(new Error('Xero answered 500')))],
    ['is parked', parked],
  ])('may begin a read early, and look later that %s', async (_what, xero) => {
    const seen = unhandledRejections();
    const handle: Handler = async (_event, context) => {
      const reads = [context.resource(), context.xero.get('Organisation')];
      await nextTurn();
      await nextTurn();
      await Promise.allSettled(reads);
    };
    await run(handle, { xero });
    expect(seen).toEqual([]);
  });

  it.each<[string, (context: Context) => unknown, string]>([
    ['its resource', (context) => void context.resource(), 'context.resource()'],
    ['another read', (context) => void context.xero.get('Organisation'), "context.xero.get('Organisation')"],
    [
      'a page of a list',
      (context) => void context.xero.list('Invoices')[Symbol.asyncIterator]().next(),
      "context.xero.list('Invoices')",
    ],
  ])(
    'succeeds with a warning where it has not awaited %s, or fails where that is wanted',
    async (_what, read, name) => {
      const xero = accessTo(never);
      const warnings: unknown[] = [];
      const handle: Handler = (_event, context) => void read(context);
      const warn = (fields: object | string, message?: string): void => void warnings.push([fields, message]);
      const message = `an await is missing in handler record: ${name} had not ended when the handler returned`;

      expect(await run(handle, { xero, log: { ...log, warn } })).toEqual({ outcome: 'succeeded' });
      expect(warnings).toEqual([[{ code: 'XW_HANDLER_AWAIT' }, message]]);

      const failed = await run(handle, { xero, failsUnawaited: true });
      expect(failed).toMatchObject({ outcome: 'failed', error: { message, code: 'XW_HANDLER_AWAIT' } });
    },
  );

  it.each([undefined, 5, null])('leaves a path that is %s to the read, which refuses it', async (path) => {
    const error = new Error('no path');
    const xero = accessTo(() => Promise.reject(error));
    const handle: Handler = async (_event, context) => {
      const reading = context.xero.get(path as unknown as string);
      await reading;
    };
    expect(await run(handle, { xero })).toMatchObject({ outcome: 'failed', error });
  });

  it('is not blamed for a read that has not ended when it throws', async () => {
    const xero = accessTo(() => never());
    const error = new Error('no database');
    const handle: Handler = (_event, context) => Promise.all([context.resource(), Promise.reject(error)]);
    expect(await run(handle, { xero, failsUnawaited: true })).toMatchObject({ outcome: 'failed', error });
  });

  it('is not late because of a read that waits for its turn', async () => {
    const { promise: turn, resolve: giveTurn } = Promise.withResolvers<void>();
    const xero = accessTo(async ({ onWait }) => {
      const resume = onWait();
      await turn;
      resume();
      return { outcome: 'read', value: invoice };
    });
    const running = run(async (_event, context) => void (await context.resource()), { xero, timeoutMs: 5 });
    // Whoever would be late after 5 ms is so by now.
    await new Promise((resolve) => setTimeout(resolve, 50));
    giveTurn();
    expect(await running).toEqual({ outcome: 'succeeded' });
  });

  it('is late when its own time is over after such a read', async () => {
    const xero = accessTo(({ onWait }) => {
      onWait()();
      return { outcome: 'read', value: invoice };
    });
    const outcome = await run(async (_event, context) => void (await context.resource().then(never)), {
      xero,
      timeoutMs: 5,
    });
    expect(outcome).toMatchObject({ outcome: 'failed', error: new Error('timed out after 5 ms') });
  });

  it('hands on the signal of its attempt', async () => {
    const stop = new AbortController();
    const xero = accessTo(({ signal }) => {
      stop.abort(new Error('the worker is stopping'));
      signal.throwIfAborted();
      return { outcome: 'read', value: invoice };
    });
    const outcome = await run(async (_event, context) => void (await context.resource()), {
      xero,
      signal: stop.signal,
    });
    expect(outcome).toEqual({ outcome: 'aborted', reason: 'the worker is stopping' });
  });
});

describe('a forward', () => {
  const SECRET = 'whsec_c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0';

  it('sends the event, and the resource where that is asked for', async () => {
    const { forwarder, messages } = forwarderOf({ outcome: 'delivered' });
    const xero = accessTo(() => ({ outcome: 'read', value: { Total: 5, DueDate: new Date(0) } }));
    const forwarding: Handler = async (_event, { forward }) => {
      await forward('https://a.example/', { secret: SECRET });
      await forward(new URL('https://b.example/'), { secret: [SECRET, `${SECRET}, ${SECRET}`], include: 'resource' });
    };
    expect(await run(forwarding, { forwarder, xero })).toEqual({ outcome: 'succeeded' });
    const body = { type: 'invoice.updated', timestamp: '2026-01-01T00:00:00.000Z', data: { event } };
    expect(messages.map((message) => ({ ...message, body: JSON.parse(message.body), signal: undefined }))).toEqual([
      { url: 'https://a.example/', secrets: [SECRET], id: 'x1.record', body },
      {
        url: 'https://b.example/',
        secrets: [SECRET, SECRET, SECRET],
        id: 'x1.record',
        body: { ...body, data: { event, resource: { Total: 5, DueDate: '1970-01-01T00:00:00.000Z' } } },
      },
    ]);
  });

  it.each<[string, Sent, HandlerOutcome]>([
    [
      'gives up, whatever the handler does then, where nothing more is wanted',
      { outcome: 'gone', reason: 'it answered 410' },
      { outcome: 'gave-up', error: expect.objectContaining({ message: 'it answered 410' }) },
    ],
    [
      'parks the handler, whatever it does then, where the receiver keeps failing',
      { outcome: 'parked', delayMs: 5_000, reason: 'it keeps failing' },
      { outcome: 'parked', delayMs: 5_000, reason: 'it keeps failing' },
    ],
  ])('%s', async (_what, sent, outcome) => {
    const { forwarder } = forwarderOf(sent);
    const forwarding: Handler = (_event, { forward }) =>
      forward('https://a.example/', { secret: SECRET }).catch(() => undefined);
    expect(await run(forwarding, { forwarder })).toEqual(outcome);
  });

  it('fails as the receiver does, and waits as long as it asks for', async () => {
    const error = Object.assign(new Error('answered 503'), { status: 503, headers: { 'retry-after': '7' } });
    const { forwarder } = forwarderOf({ outcome: 'failed', error });
    const forwarding: Handler = (_event, { forward }) => forward('https://a.example/', { secret: SECRET });
    expect(await run(forwarding, { forwarder })).toMatchObject({
      outcome: 'failed',
      error: { message: 'answered 503' },
      retryAfterMs: 7_000,
    });
  });

  it('waits for the limits of Xero like every read', async () => {
    const { forwarder, messages } = forwarderOf({ outcome: 'delivered' });
    const xero = accessTo(() => ({ outcome: 'parked', delayMs: 100, reason: 'no budget' }));
    const forwarding: Handler = (_event, { forward }) =>
      forward('https://a.example/', { secret: SECRET, include: 'resource' });
    expect(await run(forwarding, { forwarder, xero })).toMatchObject({ outcome: 'parked', reason: 'no budget' });
    expect(messages).toEqual([]);
  });

  it.each([
    ['XW_XERO_NO_RESOURCE', 1, true],
    ['XW_XERO_NOT_FOUND', 1, false],
    ['XW_XERO_NOT_FOUND', 3, false],
    ['XW_XERO_NOT_FOUND', 4, true],
    ['XW_XERO_REFUSED', 4, false],
  ])(
    'of a resource that Xero does not have (%s), at attempt %i, sends the event alone: %s',
    async (code, attempt, isSent) => {
      const { forwarder, messages } = forwarderOf({ outcome: 'delivered' });
      const xero = accessTo(() => {
        throw Object.assign(new Error('none'), { code });
      });
      const forwarding: Handler = (_event, { forward }) =>
        forward('https://a.example/', { secret: SECRET, include: 'resource' });
      const { outcome } = await run(forwarding, { forwarder, xero, attempt });
      expect(outcome).toBe(isSent ? 'succeeded' : 'failed');
      expect(messages.map(({ body }) => JSON.parse(body).data.resource)).toEqual(isSent ? [null] : []);
    },
  );

  it('that nobody awaits fails the attempt: what it sends could be lost', async () => {
    const forwarder = (): Promise<never> => never();
    const forwarding: Handler = (_event, { forward }) => void forward('https://a.example/', { secret: SECRET });
    expect(await run(forwarding, { forwarder })).toMatchObject({
      outcome: 'failed',
      error: { code: 'XW_HANDLER_AWAIT', message: expect.stringContaining('context.forward() had not ended') },
    });
  });

  it('refuses options of no sense', async () => {
    const forwarding: Handler = (_event, { forward }) =>
      forward('https://a.example/', { secret: SECRET, include: 'all' as 'event' });
    expect(await run(forwarding)).toMatchObject({ outcome: 'failed', error: { code: 'XW_FORWARD_OPTIONS' } });
  });
});
