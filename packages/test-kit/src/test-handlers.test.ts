import type { Register } from '@xero-webhooks/handlers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { testHandlers } from './test-handlers.ts';

const register: Register = (on) => {
  on(['invoice.created', 'invoice.updated'], async function syncInvoice(event, context) {
    const invoice = await context.resource();
    if (invoice.Status === 'VOIDED') context.giveUp('nothing to do for a void invoice');
    if (context.attempt === 1 && invoice.Total === 0) context.retryIn(60_000, 'not priced yet');
    context.log.info({ total: invoice.Total, due: invoice.DueDate?.toISOString().slice(0, 4) }, 'synced');
    context.log.debug(event.resourceId);
  });
  on('contact.updated', { timeoutMs: 5_000 }, async function slow(_event, context) {
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    context.log.info('never reached in time');
  });
  on('payment.created', async function countPayments(_event, context) {
    const { Organisations } = await context.xero.get<{ Organisations: { Name: string }[] }>('Organisation');
    let count = 0;
    for await (const payment of context.xero.list('Payments', { pageSize: 2 })) if (payment.PaymentID) count++;
    context.log.info({ count }, Organisations[0]!.Name);
  });
  on('payment.updated', function forgetful(_event, context) {
    void context.resource();
  });
  on('*', function audit(event) {
    if (event.name === 'creditnote.created') throw Object.assign(new Error('busy'), { response: BUSY });
  });
};

const BUSY = { status: 503, headers: { 'retry-after': '90' } };

describe('a tested handler', () => {
  it('gets a sample of the resource, with the fields that the test gives, dates as Date', async () => {
    const handlers = await testHandlers(register, { resources: { invoice: { Total: 99 } } });
    const { syncInvoice, audit } = await handlers.emit('invoice.updated', { resourceId: 'i-1' });
    expect(syncInvoice).toMatchObject({
      outcome: 'succeeded',
      idempotencyKey: expect.stringMatching(/^x[\w-]{27}\.syncInvoice$/),
      log: [
        { level: 'info', fields: { total: 99, due: expect.stringMatching(/^20\d\d$/) }, message: 'synced' },
        { level: 'debug', fields: {}, message: 'i-1' },
      ],
    });
    expect(audit!.outcome).toBe('succeeded');
  });

  it('gets the same idempotency key for the same event, and another for any other', async () => {
    const handlers = await testHandlers(register);
    const same = { resourceId: 'i-1', eventDateUtc: '2026-01-01T00:00:00' };
    const keys = [];
    for (const over of [same, same, { resourceId: 'i-2' }]) {
      keys.push((await handlers.emit('invoice.updated', over))['syncInvoice']!.idempotencyKey);
    }
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it('gives up, or asks to run later, with its reason', async () => {
    const status = await testHandlers(register, { resources: { invoice: { Status: 'VOIDED' } } });
    expect((await status.emit('invoice.updated'))['syncInvoice']).toMatchObject({
      outcome: 'gave-up',
      error: { message: 'nothing to do for a void invoice' },
    });

    const unpriced = await testHandlers(register, { resources: { invoice: () => ({ Total: 0 }) } });
    expect((await unpriced.emit('invoice.updated'))['syncInvoice']).toMatchObject({
      outcome: 'later',
      reason: 'not priced yet',
      delayMs: 60_000,
    });
    expect((await unpriced.emit('invoice.updated', {}, 2))['syncInvoice']!.outcome).toBe('succeeded');
  });

  it('fails with what a read comes to, and waits as the worker does', async () => {
    const gone = await testHandlers(register, { resources: { invoice: null } });
    expect((await gone.emit('invoice.updated', { resourceId: 'i-1' }, 3))['syncInvoice']).toMatchObject({
      outcome: 'failed',
      delayMs: 4_000,
      error: { code: 'XW_XERO_NOT_FOUND', message: 'Xero has no invoice i-1 in this organisation' },
    });

    const broken = await testHandlers(register, { resources: { invoice: () => new TypeError('no network') } });
    expect((await broken.emit('invoice.created'))['syncInvoice']).toMatchObject({
      outcome: 'failed',
      error: { message: 'no network' },
    });
  });

  it('waits at least as long as a failed request asked for', async () => {
    const handlers = await testHandlers(register);
    expect((await handlers.emit('creditnote.created'))['audit']).toMatchObject({ outcome: 'failed', delayMs: 90_000 });
  });

  it('reads what the test answers, lists page by page', async () => {
    const Payments = ['a', 'b', 'c', 'd', 'e'].map((PaymentID) => ({ PaymentID }));
    const answers = { Organisation: { Organisations: [{ Name: 'Demo' }] }, Payments };
    const { countPayments } = await (await testHandlers(register, { answers })).emit('payment.created');
    expect(countPayments).toMatchObject({
      outcome: 'succeeded',
      log: [{ fields: { count: 5 }, message: 'Demo' }],
    });
  });

  it('fails where it reads something that the test does not answer, or has answered with an error or nothing', async () => {
    const outcome = async (answers: Record<string, unknown>): Promise<string> => {
      const handlers = await testHandlers(register, { answers });
      return (await handlers.emit('payment.created'))['countPayments']!.error!.message;
    };
    expect(await outcome({})).toBe('the test has no answer for Organisation: add it to the answers of testHandlers');
    expect(await outcome({ Organisation: () => new Error('no network') })).toBe('no network');
    expect(await outcome({ Organisation: null })).toBe('Xero has no Organisation in this organisation');
  });

  it('fails where it forgets to await a read', async () => {
    const handlers = await testHandlers(register);
    expect((await handlers.emit('payment.updated'))['forgetful']).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('an await is missing in handler forgetful: context.resource()') },
    });
  });

  it('times out by the fake timers of the test', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const handlers = await testHandlers(register);
    const running = handlers.emit('contact.updated');
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await running)['slow']).toMatchObject({
      outcome: 'failed',
      error: { message: 'timed out after 5000 ms' },
      log: [],
    });
  });

  it('reads with fake timers that nothing advances', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { syncInvoice } = await (await testHandlers(register)).emit('invoice.updated');
    expect(syncInvoice!.outcome).toBe('succeeded');
  });
});

describe('a tested handler module', () => {
  it('is closed as at the shutdown', async () => {
    const close = vi.fn<() => void>();
    const handlers = await testHandlers(() => close);
    expect(await handlers.emit('invoice.updated')).toEqual({});
    await handlers.close();
    expect(close).toHaveBeenCalledOnce();
  });

  it('is refused where the worker refuses it', async () => {
    const unnamed: Register = (on) => on('invoice.updated', () => {});
    await expect(testHandlers(unnamed)).rejects.toMatchObject({ code: 'XW_HANDLERS_NAME' });
  });

  it.each([
    ['invoice.update', 'no event is named "invoice.update": did you mean invoice.updated?'],
    ['*', 'no event is named "*": use a name such as invoice.updated'],
  ])('is not sent %s', async (name, message) => {
    const handlers = await testHandlers(register);
    await expect(handlers.emit(name)).rejects.toThrow(message);
  });

  it('is sent events that Xero may add', async () => {
    expect(await (await testHandlers(register)).emit('payrun.approve')).toMatchObject({
      audit: { outcome: 'succeeded' },
    });
  });
});
