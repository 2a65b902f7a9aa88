import type { ListPage } from '@xero-webhooks/handlers';
import type { EventJob } from '@xero-webhooks/queue';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { XeroError } from '@xero-webhooks/xero';
import { describe, expect, it } from 'vitest';
import type { BackfillList } from './backfill.ts';
import { createBackfillStore, forgetBackfills } from './backfill-store.ts';
import { createBackfillWork } from './backfill-work.ts';
import { createCopies } from './copies.ts';
import { createKnownChanges } from './known-changes.ts';

const START = Date.parse('2026-11-30T12:00:00Z');
const LIST = { tenantId: 't-1', category: 'invoice' } as const;
const TASK = { backfill: 'b1', ...LIST };
const SIGNAL = new AbortController().signal;

/** Invoices by id, with the seconds after the start at which each has changed last. */
type Book = Map<string, number>;

/** A Xero that gives so many invoices with a call, whose book can change between two calls. */
async function backfillOf(
  book: Book,
  {
    size = 3,
    isSorted = true,
    until = START + 1_000_000,
    between = () => {},
  }: {
    size?: number;
    isSorted?: boolean;
    until?: number;
    between?: (call: number) => void;
  } = {},
) {
  const [client, prefix] = [testClient(), testPrefix()];
  const store = createBackfillStore(client, prefix);
  const counts = { calls: 0, read: 0, added: 0, known: 0 };
  const list: BackfillList = {
    ...LIST,
    ...counts,
    state: 'counted',
    found: book.size,
    position: { after: START, read: [], page: 1 },
    trouble: undefined,
  };
  await store.create({
    id: 'b1',
    kind: 'backfill',
    since: START,
    until,
    by: 'test',
    createdAt: START,
    state: 'started',
    lists: [list],
  });
  const jobs: EventJob[] = [];
  let [calls, backlog] = [0, 0];
  let fault: Error | undefined;

  function pageOf(after: number, page: number): ListPage {
    const since = Math.floor(after / 1_000) * 1_000;
    const all = [...book]
      .map(([InvoiceID, seconds]) => ({ InvoiceID, UpdatedDateUTC: new Date(START + seconds * 1_000) }))
      .filter(({ UpdatedDateUTC }) => UpdatedDateUTC.getTime() >= since)
      .toSorted((a, b) => (isSorted ? a.UpdatedDateUTC.getTime() - b.UpdatedDateUTC.getTime() : 0));
    const items = all.slice((page - 1) * size, page * size);
    return { items, more: page * size < all.length, total: all.length };
  }

  const work = createBackfillWork({
    store,
    async readList(_list, { after, page }) {
      if (fault) throw fault;
      const value = pageOf(after, page);
      between(++calls);
      return { outcome: 'read', value };
    },
    known: createKnownChanges(client, prefix),
    copies: createCopies(client, prefix, () => true),
    backlog: async () => backlog,
    async enqueue(some) {
      const known = new Set(jobs.map(({ id }) => id));
      const duplicates = some.filter(({ id }) => known.has(id));
      jobs.push(...some.filter(({ id }) => !known.has(id)));
      return { outcome: 'enqueued', duplicates };
    },
  });
  return {
    jobs,
    store,
    forget: () => forgetBackfills(client, prefix, LIST.tenantId),
    read: () => work.read(TASK, SIGNAL),
    list: async () => (await store.read('b1'))!.lists[0]!,
    ids: () => jobs.map(({ data }) => data.event.resourceId),
    fail: (error: Error | undefined) => (fault = error),
    crowd: (waiting: number) => (backlog = waiting),
  };
}

const bookOf = (count: number, at = (index: number) => index): Book =>
  new Map(Array.from({ length: count }, (_, index) => [`invoice-${index}`, at(index)]));

describe('reading a list of changes', () => {
  it('makes an event of each, as a webhook would have brought it', async () => {
    const { read, jobs, list } = await backfillOf(bookOf(2, (index) => index + 0.5));
    expect(await read()).toEqual({ end: 'done' });
    expect(jobs[1]).toMatchObject({
      name: 'invoice.updated',
      data: {
        source: 'backfill',
        deliveryId: 'backfill-b1',
        event: {
          resourceId: 'invoice-1',
          tenantId: 't-1',
          tenantType: 'ORGANISATION',
          eventCategory: 'INVOICE',
          eventType: 'UPDATE',
          eventDateUtc: '2026-11-30T12:00:01.500',
          resourceUrl: 'https://api.xero.com/api.xro/2.0/Invoices/invoice-1',
        },
      },
    });
    expect(await list()).toMatchObject({ state: 'done', calls: 1, read: 2, added: 2, known: 0 });
  });

  it('misses none, though what was read changes again and again meanwhile', async () => {
    const book = bookOf(20);
    const { read, ids, list } = await backfillOf(book, {
      between: (call) => call < 12 && book.set(`invoice-${call - 1}`, 100 + call),
    });
    await read();
    expect(new Set(ids())).toEqual(new Set(book.keys()));
    expect((await list()).state).toBe('done');
  });

  it.each<[string, Book, boolean]>([
    ['many have changed within one second', bookOf(20, (index) => (index < 15 ? 5 + index / 100 : index)), true],
    ['many have the same date', bookOf(20, (index) => (index < 15 ? 5 : index)), true],
    ['Xero does not sort them', bookOf(20, (index) => (index * 7) % 20), false],
  ])('misses none where %s, and counts each once', async (_what, book, isSorted) => {
    const { read, ids, list } = await backfillOf(book, { isSorted, size: 4 });
    await read();
    expect(ids().toSorted()).toEqual([...book.keys()].toSorted());
    expect(await list()).toMatchObject({ state: 'done', read: 20, added: 20, known: 0 });
  });

  it('ends where what has changed is later than it is to look', async () => {
    const { read, ids, list } = await backfillOf(bookOf(30), { until: START + 4_500 });
    await read();
    expect(ids()).toEqual(['invoice-0', 'invoice-1', 'invoice-2', 'invoice-3', 'invoice-4']);
    expect((await list()).calls).toBeLessThan(5);
  });

  it('waits while too many events do, and where Xero fails, and goes on from where it was', async () => {
    const { read, ids, list, fail, crowd } = await backfillOf(bookOf(7), {
      between: (call) => call === 2 && fail(OUTAGE),
    });
    crowd(2_000);
    expect(await read()).toEqual({ end: 'later', delayMs: expect.any(Number) });
    expect(ids()).toEqual([]);
    crowd(0);
    expect(await read()).toEqual({ end: 'later', delayMs: expect.any(Number) });
    expect(await list()).toMatchObject({ state: 'reading', trouble: 'Xero answered 503' });
    expect(ids().length).toBeGreaterThan(2);
    fail(undefined);
    expect(await read()).toEqual({ end: 'done' });
    expect(ids()).toHaveLength(7);
    expect((await list()).trouble).toBeUndefined();
  });

  it('fails where the access does not include it, and says so', async () => {
    const { read, list, fail } = await backfillOf(bookOf(1));
    fail(new XeroError('XW_XERO_UNAUTHORISED', 'Xero answered 403: insufficient_scope', { status: 403 }));
    expect(await read()).toEqual({ end: 'done' });
    expect(await list()).toMatchObject({ state: 'failed', trouble: 'Xero answered 403: insufficient_scope' });
  });

  it('does nothing once it was stopped', async () => {
    const { read, ids, store } = await backfillOf(bookOf(7), {
      between: (call) => {
        if (call === 1) void store.readHead('b1').then((head) => store.writeHead('b1', { ...head!, state: 'stopped' }));
      },
    });
    await read();
    expect(ids().length).toBeLessThan(7);
  });

  it('ends where the organisation was forgotten meanwhile, and leaves no trace of it', async () => {
    let forgetting: Promise<void> | undefined;
    const { read, store, forget, ids } = await backfillOf(bookOf(7), {
      between(call) {
        if (call === 1) forgetting = forget();
      },
    });
    expect(await read()).toEqual({ end: 'done' });
    await forgetting;
    expect((await store.read('b1'))!.lists).toEqual([]);
    expect(ids().length).toBeLessThan(7);
  });
});

const OUTAGE = new XeroError('XW_XERO_REFUSED', 'Xero answered 503', { status: 503 });
