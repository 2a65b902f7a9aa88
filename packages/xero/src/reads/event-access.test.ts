import { randomUUID } from 'node:crypto';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import { xeroEvent } from '@xero-webhooks/fake-xero';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createEventAccess, createNoAccess } from './event-access.ts';
import type { XeroReader } from './reader.ts';
import { readerOfFake, waitFor } from './reader-for-tests.ts';
import { createUnfinishedLists } from './unfinished-lists.ts';

describe('the handlers of one event', () => {
  it('share one read', async () => {
    const { accessTo, make, reads } = await readerOfFake();
    const access = accessTo('payment', make('payment', 1)[0]!);
    const values = await Promise.all([access.resource(waitFor()), access.resource(waitFor())]);
    values.push(await access.resource(waitFor()));
    expect(values).toEqual([values[0], values[0], values[0]]);
    expect(reads()).toHaveLength(1);
  });

  it('leave the read to each other when one has gone', async () => {
    const { xero, accessTo, make, reads } = await readerOfFake();
    xero.addFault({ kind: 'slow', ms: 100 });
    const access = accessTo('payment', make('payment', 1)[0]!);
    const gone = new AbortController();
    const first = access.resource(waitFor(gone.signal));
    const second = access.resource(waitFor());
    gone.abort(new Error('timed out'));
    await expect(first).rejects.toThrow('timed out');
    expect(await second).toMatchObject({ outcome: 'read' });
    expect(reads()).toHaveLength(1);
  });

  it('read anew after all who waited have gone, and after a read that went wrong', async () => {
    const { xero, accessTo, make } = await readerOfFake();
    const access = accessTo('payment', make('payment', 1)[0]!);
    await expect(access.resource(waitFor(AbortSignal.abort(new Error('gone'))))).rejects.toThrow('gone');
    xero.addFault({ kind: 'status', status: 410 });
    await expect(access.resource(waitFor())).rejects.toMatchObject({ code: 'XW_XERO_REFUSED', status: 410 });
    expect(await access.resource(waitFor())).toMatchObject({ outcome: 'read' });
  });

  it('have all their clocks halted while it waits', async () => {
    const { accessTo, make, budget, tenantId } = await readerOfFake({ limits: { atOnce: 1 } });
    const permit = await budget.acquire(tenantId);
    const access = accessTo('payment', make('payment', 1)[0]!);
    let halts = 0;
    const options = (): ReturnType<typeof waitFor> => ({
      ...waitFor(),
      onWait() {
        halts++;
        return () => void halts--;
      },
    });
    const first = access.resource(options());
    await expect.poll(() => halts).toBe(1);
    const second = access.resource(options());
    expect(halts).toBe(2);
    if (permit.granted) await permit.release({ end: 'over', bytes: 0, left: {} });
    await Promise.all([first, second]);
    expect(halts).toBe(0);
  });

  it.each(['subscription', 'payrun'])('of a category %s have no resource', async (category) => {
    const { accessTo } = await readerOfFake();
    const access = accessTo(category as ResourceCategory, randomUUID());
    await expect(access.resource(waitFor())).rejects.toMatchObject({ code: 'XW_XERO_NO_RESOURCE' });
  });

  it('read other addresses of their organisation', async () => {
    const { accessTo, make, reads } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    const access = accessTo('payment', randomUUID());
    const read = await access.get(`Invoices/${id}`, { unitdp: 4 }, waitFor());
    expect(read).toMatchObject({ outcome: 'read', value: { Invoices: [{ InvoiceID: id }] } });
    expect(reads()).toEqual([`/api.xro/2.0/Invoices/${id}?unitdp=4`]);
    await expect(access.get('../connections', {}, waitFor())).rejects.toMatchObject({ code: 'XW_XERO_PATH' });
  });

  it('walk through lists, from a time on', async () => {
    const { xero, accessTo, make, reads } = await readerOfFake();
    const before = new Date(xero.clock.now());
    make('invoice', 3);
    const access = accessTo('payment', randomUUID());
    const options = { modifiedSince: new Date(before.getTime() + 1), pageSize: 2 };
    expect(await access.page('Invoices', 1, options, waitFor())).toMatchObject({
      value: { items: [{}, {}], more: true },
    });
    expect(await access.page('Invoices', 2, options, waitFor())).toMatchObject({ value: { items: [{}], more: false } });
    expect(reads()).toEqual(['/api.xro/2.0/Invoices?pageSize=2&page=1', '/api.xro/2.0/Invoices?pageSize=2&page=2']);
  });

  it('are told of a list that is put off in the middle time and again, which uses an attempt', async () => {
    const { accessTo, make } = await readerOfFake({ limits: { perMinute: 4 } });
    make('invoice', 3);
    const id = randomUUID();
    const page = (number: number) => accessTo('payment', id).page('Invoices', number, { pageSize: 1 }, waitFor());
    for (const number of [1, 2, 1, 2]) await page(number);
    const parked = { outcome: 'parked' };
    // The beginning of a list may be put off as often as it takes.
    for (const number of [1, 1, 1, 2, 2]) expect(await page(number)).toMatchObject(parked);
    await expect(page(2)).rejects.toMatchObject({
      code: 'XW_XERO_LIST_UNFINISHED',
      retryAfterMs: expect.toSatisfy((ms) => ms > 0),
    });
    expect(await page(2)).toMatchObject(parked);
  });

  it('are told of a refusal of their own calls', async () => {
    const { xero, accessTo } = await readerOfFake();
    xero.addFault({ kind: 'status', status: 403 });
    const access = accessTo('payment', randomUUID());
    await expect(access.get('Organisation', {}, waitFor())).rejects.toMatchObject({
      code: 'XW_XERO_UNAUTHORISED',
      status: 403,
    });
  });

  it('wait for their turns no longer in all than the lock of the resource allows for', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const patience: number[] = [];
    const waits: (() => void)[] = [];
    /** A reader whose reads wait until they are told to go on. */
    const reader: XeroReader = {
      resource: () => Promise.reject(new Error('not here')),
      unfinishedLists: createUnfinishedLists(),
      one({ patienceMs, readOptions }) {
        patience.push(patienceMs);
        waits.push(readOptions.onWait());
        return new Promise(() => {});
      },
    };
    const event = xeroEvent({
      category: 'invoice',
      type: 'update',
      resourceId: 'r',
      tenantId: 't',
      dateUtc: '2026-01-01',
    });
    const access = createEventAccess(reader, event);
    const read = (): void => void access.get('Organisation', {}, waitFor());
    // Six that wait at the same time stand still together.
    for (let reads = 0; reads < 6; reads++) read();
    vi.advanceTimersByTime(1_800);
    for (const goOn of waits.splice(0)) goOn();
    vi.advanceTimersByTime(60_000);
    read();
    vi.advanceTimersByTime(8_000);
    read();
    expect(patience).toEqual([...Array<number>(6).fill(10_000), 8_200, 200]);
  });

  it('are told where nothing says how to read', async () => {
    const access = createNoAccess();
    await expect(access.resource(waitFor())).rejects.toMatchObject({ code: 'XW_XERO_NOT_CONFIGURED' });
    await expect(access.get('Organisation', {}, waitFor())).rejects.toMatchObject({ code: 'XW_XERO_NOT_CONFIGURED' });
  });
});
