import { testClient, testPrefix } from '@xero-webhooks/testing';
import { expect, it, describe } from 'vitest';
import type { EventRecord, RecordedEvent } from './event-record.ts';
import { createEventSearch } from './find-events.ts';
import { forgetRecords } from './forget-records.ts';
import { commonKeys, tenantKeys } from './keys.ts';
import { attemptText } from './record-text.ts';
import { createRecorder } from './recorder.ts';
import { sweepRecords } from './sweep.ts';

const event = (jobId: string, receivedAt: number, over: Partial<RecordedEvent> = {}): RecordedEvent => ({
  jobId,
  tenantId: 't-1',
  resourceId: `r-${jobId}`,
  name: 'invoice.updated',
  eventDateUtc: '2026-01-01T00:00:00',
  receivedAt,
  deliveryId: 'd-1',
  source: 'webhook',
  ...over,
});

const FAILED = attemptText({
  at: 1,
  handler: 'sync',
  attempt: 1,
  worker: 'host:7',
  ms: 20,
  outcome: 'failed',
  delayMs: 0,
  reason: 'the books are closed',
});
const HANDLED = '=\t5\th\t0';
const DEAD = '=\t5\td\t0';
const WAITING = '=\t5\tw\t9';

async function records(hasRoom: () => boolean = () => true) {
  const prefix = testPrefix();
  const client = testClient();
  await client.ping();
  const recorder = createRecorder({ client, prefix, cluster: false, hasRoom });
  const search = createEventSearch(client, prefix);
  /** What is written waits for nobody: commands of a connection are answered in their order. */
  const written = async (): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    await client.ping();
  };
  return {
    client,
    prefix,
    recorder,
    find: search.find,
    keys: () => client.keys(`${prefix}:*`),
    async note(one: RecordedEvent, lines: string[], open = false) {
      recorder.note(one, lines, open);
      await written();
    },
    async received(...events: RecordedEvent[]) {
      recorder.received(events);
      await written();
    },
    /** Every event that a filter finds, read in pages. */
    async all(filter: Parameters<typeof search.find>[0], limit: number): Promise<EventRecord[]> {
      const found: EventRecord[] = [];
      let cursor: string | undefined;
      do {
        const page = await search.find(filter, limit, cursor);
        expect(page.events.length).toBeLessThanOrEqual(limit);
        found.push(...page.events);
        cursor = page.next;
      } while (cursor !== undefined);
      return found;
    },
  };
}

const ids = (events: readonly EventRecord[]): string[] => events.map(({ jobId }) => jobId);

describe('the search', () => {
  it('finds events of all organisations, the newest first, in pages without a gap or a repetition', async () => {
    const { recorder, note, all } = await records();
    // Many of the same millisecond, as of one payload, and more than are looked at together.
    const events = Array.from({ length: 130 }, (_, at) =>
      event(`x${String(at).padStart(3, '0')}`, 1_000 + Math.floor(at / 50), { tenantId: `t-${at % 3}` }),
    );
    for (const one of events) recorder.note(one, [FAILED, HANDLED], false);
    await note(event('last', 2_000), [HANDLED]);
    const expected = events
      .toSorted((a, b) => b.receivedAt - a.receivedAt || (a.jobId < b.jobId ? 1 : -1))
      .map(({ jobId }) => jobId);
    for (const limit of [1, 7, 50, 500]) {
      expect(ids(await all({}, limit))).toEqual(['last', ...expected]);
      expect(ids(await all({ tenantId: 'T-1' }, limit))).toEqual(
        ['last', ...expected].filter((id) => id === 'last' || Number(id.slice(1)) % 3 === 1),
      );
    }
  });

  it('finds those of a resource, in whatever case it is asked for', async () => {
    const { note, all } = await records();
    await note(event('a', 1_000, { resourceId: 'ABC' }), [HANDLED]);
    await note(event('b', 2_000, { resourceId: 'abc', tenantId: 't-2' }), [HANDLED]);
    await note(event('c', 3_000, { resourceId: 'abcd' }), [HANDLED]);
    expect(ids(await all({ resourceId: 'aBc' }, 1))).toEqual(['b', 'a']);
    expect(ids(await all({ resourceId: 'abc', tenantId: 't-1' }, 10))).toEqual(['a']);
  });

  it('finds one by its key, by name, by state, and by time', async () => {
    const { note, all } = await records();
    await note(event('a', 1_000), [HANDLED]);
    await note(event('b', 2_000, { name: 'contact.updated' }), [FAILED, DEAD], true);
    await note(event('c', 3_000), [FAILED, WAITING], true);
    expect(ids(await all({ jobId: 'b' }, 10))).toEqual(['b']);
    expect(ids(await all({ name: 'contact.updated' }, 10))).toEqual(['b']);
    expect(ids(await all({ states: ['dead'] }, 10))).toEqual(['b']);
    expect(ids(await all({ states: ['dead', 'failing'] }, 10))).toEqual(['c', 'b']);
    expect(ids(await all({ states: ['handled'] }, 10))).toEqual(['a']);
    expect(ids(await all({ since: 1_001, until: 2_000 }, 10))).toEqual(['b']);
  });

  it('finds an event that no worker has had yet, once, and as what it is afterwards', async () => {
    const { received, note, all } = await records();
    const events = [event('a', 1_000), event('b', 2_000, { name: 'contact.updated' }), event('c', 3_000)];
    await received(...events);
    await received(event('d', 4_000), event('a', 1_000));
    await note(events[2]!, [HANDLED]);
    for (const limit of [1, 3, 10]) expect(ids(await all({}, limit))).toEqual(['d', 'c', 'b', 'a']);
    expect(await all({ resourceId: 'r-b' }, 10)).toMatchObject([{ jobId: 'b', state: 'received', entries: [] }]);
    expect(ids(await all({ states: ['received'] }, 10))).toEqual(['d', 'b', 'a']);
    expect(ids(await all({ states: ['received'], name: 'contact.updated' }, 10))).toEqual(['b']);
    expect(ids(await all({ states: ['handled'] }, 10))).toEqual(['c']);
  });

  it('says that an event is open only until it is settled', async () => {
    const { client, prefix, note, all } = await records();
    const one = event('a', 1_000);
    await note(one, [FAILED, WAITING], true);
    await note(one, [FAILED, HANDLED], false);
    expect(await client.zcard(tenantKeys(prefix, 't-1').open)).toBe(0);
    expect(await all({}, 10)).toMatchObject([{ state: 'handled', entries: { length: 4 } }]);
  });

  it('keeps how an event began and how it stands where it fails a thousand times', async () => {
    const { client, prefix, recorder, note, all } = await records();
    const one = event('a', 1_000);
    const failed = (attempt: number): string =>
      attemptText({
        at: attempt,
        handler: 'sync',
        attempt,
        worker: 'w',
        ms: 1,
        outcome: 'failed',
        delayMs: 1,
        reason: 'no',
      });
    for (let attempt = 1; attempt <= 1_000; attempt++) recorder.note(one, [failed(attempt), WAITING], true);
    await note(one, [failed(1_001), DEAD], true);
    const [{ entries, state }] = (await all({}, 1)) as [EventRecord];
    expect(state).toBe('dead');
    expect(entries[0]).toMatchObject({ attempt: 1 });
    expect(entries.at(-2)).toMatchObject({ attempt: 1_001 });
    const left = entries.reduce((sum, entry) => sum + (entry.kind === 'gap' ? entry.left : 0), 0);
    expect(left + entries.length - 1).toBe(2_002);
    expect(await client.strlen(tenantKeys(prefix, 't-1').record('a'))).toBeLessThanOrEqual(1_400);
  });

  it('refuses a cursor that is not its own', async () => {
    const { find } = await records();
    await expect(find({}, 10, 'x')).rejects.toThrow(RangeError);
  });

  it('leaves nothing where an organisation is forgotten, and others as they were', async () => {
    const { client, prefix, note, received, all, keys } = await records();
    await received(event('a', 1_000), event('b', 2_000));
    await note(event('a', 1_000), [DEAD], true);
    await note(event('o', 3_000, { tenantId: 't-2' }), [HANDLED]);
    expect(await forgetRecords(client, prefix, 'T-1')).toBe(1);
    expect(ids(await all({}, 10))).toEqual(['o']);
    expect((await keys()).filter((key) => key.includes('{t-1}'))).toEqual([]);
    expect(await client.zrange(commonKeys(prefix).tenants, '0', '-1')).toEqual(['t-2']);
  });
});

describe('the recorder', () => {
  it('writes nothing while there is no room, and goes on once there is', async () => {
    let room = false;
    const { recorder, note, received, keys, all } = await records(() => room);
    await note(event('a', 1_000), [HANDLED]);
    await received(event('b', 2_000));
    expect(recorder.hasRoom()).toBe(false);
    expect(await keys()).toEqual([]);
    room = true;
    await note(event('c', 3_000), [HANDLED]);
    expect(ids(await all({}, 10))).toEqual(['c']);
    // The organisation was not found before: it is seen anew.
    expect(ids(await all({ tenantId: 't-1' }, 10))).toEqual(['c']);
  });

  it('writes nothing while Redis is away, and does not keep it for later', async () => {
    const { client, prefix, recorder } = await records();
    client.disconnect();
    recorder.note(event('a', 1_000), [HANDLED], false);
    await recorder.written();
    await client.connect();
    expect(await client.keys(`${prefix}:*`)).toEqual([]);
  });
});

describe('the sweep', () => {
  const sweep = (system: Awaited<ReturnType<typeof records>>, over: Partial<Parameters<typeof sweepRecords>[0]> = {}) =>
    sweepRecords({
      client: system.client,
      prefix: system.prefix,
      retentionMs: 1_000_000,
      maxRecords: 1_000,
      isNearlyFull: false,
      oldestWaiting: undefined,
      now: 10_000,
      ...over,
    });
  async function filled() {
    const system = await records();
    for (let at = 0; at < 10; at++) {
      await system.note(event(`x${at}`, 1_000 * at, { tenantId: `t-${at % 2}` }), [FAILED, DEAD], true);
    }
    return system;
  }

  it('removes what is older than the bound, and every trace of it', async () => {
    const system = await filled();
    expect(await sweep(system, { retentionMs: 7_000 })).toBe(4);
    expect(ids(await system.all({}, 50))).toEqual(['x9', 'x8', 'x7', 'x6', 'x5', 'x4']);
    const keys = tenantKeys(system.prefix, 't-0');
    for (const key of [keys.times, keys.open]) expect(await system.client.zcard(key)).toBe(3);
    const left = await system.client.keys(`${keys.root}*`);
    expect(left.toSorted()).toEqual(
      [
        keys.times,
        keys.open,
        ...['x4', 'x6', 'x8'].flatMap((id) => [keys.record(id), keys.resource(`r-${id}`)]),
      ].toSorted(),
    );
  });

  it('keeps the later events of a resource whose earlier ones go', async () => {
    const system = await records();
    for (const [id, at] of [
      ['x1', 1_000],
      ['x2', 2_000],
      ['x3', 9_000],
    ] as const) {
      await system.note(event(id, at, { resourceId: 'R-Same' }), [HANDLED]);
    }
    expect(await sweep(system, { retentionMs: 7_000 })).toBe(2);
    expect(ids(await system.all({ resourceId: 'r-same' }, 50))).toEqual(['x3']);
    expect(await sweep(system, { retentionMs: 500 })).toBe(1);
    expect(await system.client.keys(`${tenantKeys(system.prefix, 't-1').root}*`)).toEqual([]);
  });

  it('removes the oldest of too many, of whichever organisation', async () => {
    const system = await filled();
    expect(await sweep(system, { maxRecords: 3 })).toBe(7);
    expect(ids(await system.all({}, 50))).toEqual(['x9', 'x8', 'x7']);
  });

  it('gives way where Redis is nearly full', async () => {
    const system = await filled();
    expect(await sweep(system, { isNearlyFull: true })).toBe(3);
    expect(ids(await system.all({}, 50))).toHaveLength(7);
  });

  it('keeps received events for as long as one of them waits', async () => {
    const system = await records();
    const now = Date.now();
    await system.received(event('a', now));
    await sweep(system, { now: now + 3_600_000, oldestWaiting: now });
    expect(ids(await system.all({}, 50))).toEqual(['a']);
    await sweep(system, { now: now + 3_600_000 });
    expect(ids(await system.all({}, 50))).toEqual([]);
  });
});
