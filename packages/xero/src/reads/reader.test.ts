import { randomUUID } from 'node:crypto';
import type { Fault } from '@xero-webhooks/fake-xero';
import { describe, expect, it } from 'vitest';
import { readerOfFake, waitFor } from './reader-for-tests.ts';

const ROOT = '/api.xro/2.0';

const LEFT_ALONE = 'Xero has failed again and again, and is left alone for a while';

/** How many ids a call for many has asked for. */
const idsIn = (address: string): number => (/IDs=([^&]*)/.exec(address)?.[1] ?? '').split(',').length;

describe('the reads of events', () => {
  it('come with one call where they are asked for together', async () => {
    const { read, make, reads } = await readerOfFake();
    const ids = make('invoice', 20);
    const values = await Promise.all(ids.map((id) => read('invoice', id)));
    expect(values.map((value) => value.outcome === 'read' && (value.value as { InvoiceID: string }).InvoiceID)).toEqual(
      ids,
    );
    expect(values[0]).toMatchObject({ value: { LineItems: [expect.anything()], UpdatedDateUTC: expect.any(Date) } });
    expect(reads()).toEqual([`${ROOT}/Invoices?IDs=${ids.join(',')}&page=1`]);
  });

  it('come fifty with a call, and the rest with the next', async () => {
    const { read, make, reads } = await readerOfFake({ occupancy: { active: 120, capacity: 120 } });
    await Promise.all(make('contact', 120).map((id) => read('contact', id)));
    expect(reads().map(idsIn)).toEqual([50, 50, 20]);
    expect(Math.max(...reads().map(({ length }) => length))).toBeLessThan(2_000);
  });

  it('do not mix organisations or categories', async () => {
    const { xero, accessTo, make, reads } = await readerOfFake();
    const [first, second] = xero.organisations.map(({ tenantId }) => tenantId) as [string, string];
    const invoices = make('invoice', 2);
    const contacts = make('contact', 2);
    const foreign = xero.change({ category: 'invoice', tenantId: second, notify: false }).resourceId;
    await Promise.all([
      ...invoices.map((id) => accessTo('invoice', id).resource(waitFor())),
      ...contacts.map((id) => accessTo('contact', id).resource(waitFor())),
      accessTo('invoice', foreign, second).resource(waitFor()),
    ]);
    expect(
      reads()
        .map(idsIn)
        .toSorted((a, b) => a - b),
    ).toEqual([1, 2, 2]);
    expect(xero.usage(first).calls).toBe(2);
    expect(xero.usage(second).calls).toBe(1);
  });

  it.each(['creditnote', 'payment', 'prepayment', 'overpayment'] as const)(
    'of a %s, which Xero gives one by one, are never more than five at once',
    async (category) => {
      const { xero, read, make, reads, tenantId } = await readerOfFake();
      xero.addFault({ kind: 'slow', ms: 100, times: 100 });
      const ids = make(category, 12);
      const values = await Promise.all(ids.map((id) => read(category, id)));
      expect(values.every(({ outcome }) => outcome === 'read')).toBe(true);
      expect(reads()).toHaveLength(12);
      const { maxSimultaneous, tooManyRequests } = xero.usage(tenantId);
      expect(maxSimultaneous).toBeGreaterThan(1);
      expect(maxSimultaneous).toBeLessThanOrEqual(5);
      expect(tooManyRequests).toBe(0);
    },
  );

  it('are never older than the event: what is asked for while a call is under way comes with the next', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    xero.addFault({ kind: 'slow', ms: 100 });
    const first = read('invoice', id);
    await expect.poll(() => xero.calls().length).toBe(1);
    xero.change({ category: 'invoice', resourceId: id, fields: { Reference: 'changed' }, notify: false });
    const second = read('invoice', id);
    expect(await first).toMatchObject({ value: { Reference: '' } });
    expect(await second).toMatchObject({ value: { Reference: 'changed' } });
    expect(reads()).toHaveLength(2);
  });

  it('find archived contacts too', async () => {
    const { xero, read, make } = await readerOfFake();
    const [id] = make('contact', 1) as [string];
    xero.change({ category: 'contact', resourceId: id, fields: { ContactStatus: 'ARCHIVED' }, notify: false });
    expect(await read('contact', id)).toMatchObject({ value: { ContactStatus: 'ARCHIVED' } });
  });

  it('take ids for the same however they are written', async () => {
    const { read, make, reads } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    const values = await Promise.all([read('invoice', id), read('invoice', id.toUpperCase())]);
    expect(values).toEqual([values[0], values[0]]);
    expect(reads().map(idsIn)).toEqual([1]);
  });

  it('that Xero does not find fail alone', async () => {
    const { read, make } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    const missing = randomUUID();
    const [there, absent, payment] = await Promise.allSettled([
      read('invoice', id),
      read('invoice', missing),
      read('payment', missing),
    ]);
    expect(there).toMatchObject({ value: { outcome: 'read' } });
    expect(absent).toMatchObject({
      reason: {
        code: 'XW_XERO_NOT_FOUND',
        status: 404,
        message: `Xero has no invoice ${missing} in this organisation`,
      },
    });
    expect(payment).toMatchObject({ reason: { code: 'XW_XERO_NOT_FOUND', status: 404 } });
  });

  it('whose id is no GUID do not spoil the call of others', async () => {
    const { read, make, reads } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    const [there, odd] = await Promise.allSettled([read('invoice', id), read('invoice', 'resource-1')]);
    expect(there).toMatchObject({ value: { outcome: 'read' } });
    expect(odd).toMatchObject({ reason: { code: 'XW_XERO_NOT_FOUND' } });
    expect(reads()).toHaveLength(2);
  });

  it('are asked for by halves where Xero refuses a call for many, until the one at fault is alone', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    const ids = make('invoice', 8);
    const bad = ids[5]!;
    const badRequest: Fault = {
      kind: 'status',
      status: 400,
      times: 100,
      on: ({ query }) => query.get('IDs')!.includes(bad),
    };
    xero.addFault(badRequest);
    const values = await Promise.allSettled(ids.map((id) => read('invoice', id)));
    expect(values.map(({ status }) => status)).toEqual(ids.map((id) => (id === bad ? 'rejected' : 'fulfilled')));
    expect(
      reads()
        .map(idsIn)
        .toSorted((a, b) => b - a),
    ).toEqual([8, 4, 4, 2, 2, 1, 1]);
  });
});

describe('a read that goes wrong', () => {
  it.each<[string, Fault]>([
    ['a 500', { kind: 'status', status: 500, times: 2 }],
    ['a reset connection', { kind: 'reset', times: 2 }],
    ['half an answer', { kind: 'truncated', times: 2 }],
    ['no JSON', { kind: 'malformed', times: 2 }],
    ['a 401, with another token', { kind: 'status', status: 401 }],
  ])('with %s is made again', async (_what, fault) => {
    const { xero, read, make, reads } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    xero.addFault(fault);
    expect(await read('invoice', id)).toMatchObject({ outcome: 'read', value: { InvoiceID: id } });
    expect(reads()).toHaveLength((fault.times ?? 1) + 1);
  });

  it('because Xero hangs has the organisation left alone after one call', async () => {
    const { xero, read, make, reads } = await readerOfFake({ timeoutMs: 50 });
    const ids = make('invoice', 10);
    xero.addFault({ kind: 'slow', ms: 60_000, times: 1_000 });
    await expect(read('invoice', ids[0]!)).rejects.toMatchObject({ code: 'XW_XERO_UNREACHABLE' });
    const values = await Promise.all(ids.map((id) => read('invoice', id)));
    for (const value of values) expect(value).toMatchObject({ outcome: 'parked', reason: LEFT_ALONE });
    expect(reads()).toHaveLength(1);
  });

  it('because Xero hangs has the organisation left alone though nobody waits any more', async () => {
    const { xero, read, make, budget, tenantId } = await readerOfFake({ timeoutMs: 60_000, hungMs: 5 });
    xero.addFault({ kind: 'slow', ms: 60_000 });
    const gone = new AbortController();
    const readings = make('invoice', 40).map((id) => read('invoice', id, waitFor(gone.signal)));
    // That some were put off tells that the call is known to hang.
    expect(await Promise.any(readings)).toMatchObject({ outcome: 'parked' });
    gone.abort(new Error('timed out'));
    await Promise.allSettled(readings);
    await expect.poll(() => budget.acquire(tenantId)).toMatchObject({ granted: false, limit: 'outage' });
  });

  it('because Xero hangs leaves half of the places to others, those in the call among them', async () => {
    const { xero, read, make, parked } = await readerOfFake({ timeoutMs: 60_000, hungMs: 5 });
    xero.addFault({ kind: 'slow', ms: 60_000, times: 1_000 });
    const gone = new AbortController();
    const readings = make('invoice', 50).map((id) => read('invoice', id, waitFor(gone.signal)));
    await expect.poll(() => parked.length).toBe(25);
    const late = read('invoice', make('invoice', 1)[0]!);
    expect(await late).toMatchObject({ outcome: 'parked' });
    gone.abort(new Error('enough'));
    await Promise.allSettled(readings);
    expect(new Set(parked)).toEqual(new Set(['slow']));
  });

  it('is made for one event until Xero works again, and then for all', async () => {
    const { xero, read, make, reads, budget, tenantId } = await readerOfFake();
    const ids = make('invoice', 20);
    const permit = await budget.acquire(tenantId);
    const refused = { limit: 'outage', retryAfterMs: 0, hung: true } as const;
    if (permit.granted) await permit.release({ end: 'over', bytes: 0, left: {}, target: 'one', refused });
    xero.addFault({ kind: 'slow', ms: 10, times: 2 });
    // The outage is left alone for three seconds.
    await expect.poll(() => read('invoice', ids[0]!), { timeout: 10_000 }).toMatchObject({ outcome: 'read' });
    await Promise.all(ids.map((id) => read('invoice', id)));
    expect(reads().map(idsIn)).toEqual([1, 20]);
  });

  it('with a Retry-After that is longer than its tries would wait is not made again', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    const [bad, good, other] = make('payment', 3) as [string, string, string];
    xero.addFault({ kind: 'status', status: 503, retryAfter: 120, times: 2 });
    const expected = { status: 503, retryAfterMs: 120_000, headers: { 'retry-after': '120' } };
    await expect(read('payment', bad)).rejects.toMatchObject(expected);
    expect(reads()).toHaveLength(1);
    // One that fails is no concern of the others.
    await expect(read('payment', good)).rejects.toMatchObject(expected);
    expect(await read('payment', other)).toMatchObject({
      outcome: 'parked',
      reason: LEFT_ALONE,
      delayMs: expect.toSatisfy((ms) => ms > 60_000),
    });
  });

  it('with 404 for a call for many tells nobody that their resource is not there', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    const ids = make('invoice', 10);
    xero.addFault({ kind: 'status', status: 404 });
    const values = await Promise.all(ids.map((id) => read('invoice', id)));
    expect(values.every(({ outcome }) => outcome === 'read')).toBe(true);
    expect(reads()).toHaveLength(2);
    xero.addFault({ kind: 'status', status: 404, times: 100 });
    await expect(read('invoice', ids[0]!)).rejects.toMatchObject({ code: 'XW_XERO_REFUSED', status: 404 });
  });

  it.each<[string, Fault, object]>([
    ['500', { kind: 'status', status: 500, times: 10 }, { code: 'XW_XERO_REFUSED', status: 500 }],
    ['reset connections', { kind: 'reset', times: 10 }, { code: 'XW_XERO_UNREACHABLE' }],
    ['no JSON', { kind: 'malformed', times: 10 }, { code: 'XW_XERO_ANSWER' }],
  ])('again and again with %s fails after three times', async (_what, fault, expected) => {
    const { xero, read, make, reads } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    xero.addFault(fault);
    await expect(read('invoice', id)).rejects.toMatchObject(expected);
    expect(reads()).toHaveLength(3);
  });

  it('again and again has the organisation left alone, so that it does not use up the day', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    const ids = make('invoice', 30);
    xero.addFault({ kind: 'status', status: 500, times: 1_000 });
    for (const id of ids.slice(0, 2)) await expect(read('invoice', id)).rejects.toMatchObject({ status: 500 });
    const values = await Promise.all(ids.slice(2).map((id) => read('invoice', id)));
    for (const value of values) expect(value).toMatchObject({ outcome: 'parked', reason: LEFT_ALONE });
    expect(reads()).toHaveLength(6);
  });

  it('because of one resource does not go wrong for the others, nor put them off', async () => {
    const { xero, read, make, parked } = await readerOfFake();
    const ids = make('invoice', 40);
    const bad = ids[17]!;
    const isBad = ({ path, query }: { path: string; query: URLSearchParams }): boolean =>
      `${path} ${query.get('IDs')}`.includes(bad);
    xero.addFault({ kind: 'status', status: 500, times: 100, on: isBad });
    const values = await Promise.allSettled(ids.map((id) => read('invoice', id)));
    expect(values.map(({ status }) => status)).toEqual(ids.map((id) => (id === bad ? 'rejected' : 'fulfilled')));
    await expect(read('invoice', bad)).rejects.toMatchObject({ status: 500 });
    expect(await read('invoice', ids[0]!)).toMatchObject({ outcome: 'read' });
    expect(parked).toEqual([]);
  });

  it('because of several resources fails for these alone, which are read by themselves from then on', async () => {
    const { xero, read, make, reads, parked } = await readerOfFake({
      occupancy: { active: 50, capacity: 50 },
      limits: { perMinute: 1_000 },
    });
    xero.setLimits({ perMinute: 1_000 });
    const ids = make('invoice', 50);
    const bad = [2, 17, 30, 45].map((place) => ids[place]!);
    const isBad = ({ path, query }: { path: string; query: URLSearchParams }): boolean =>
      bad.some((id) => `${path} ${query.get('IDs')}`.includes(id));
    xero.addFault({ kind: 'status', status: 500, times: 1_000, on: isBad });
    const failed = new Set<string>();
    let left = ids;
    while (left.length > 0) {
      const round = left;
      const values = await Promise.allSettled(round.map((id) => read('invoice', id)));
      for (const [place, { status }] of values.entries()) if (status === 'rejected') failed.add(round[place]!);
      left = round.filter((_, place) => {
        const value = values[place]!;
        return value.status === 'fulfilled' && value.value.outcome === 'parked';
      });
      // An answer tells that there is no outage.
      expect(await read('invoice', ids[0]!)).toMatchObject({ outcome: 'read' });
    }
    expect(failed).toEqual(new Set(bad));
    expect(new Set(parked)).toEqual(new Set(['undecided']));
    const before = reads().length;
    const second = await Promise.allSettled(ids.map((id) => read('invoice', id)));
    expect(second.filter(({ status }) => status === 'rejected')).toHaveLength(bad.length);
    // One for all the others.
    expect(
      reads()
        .slice(before)
        .filter((address) => address.includes('IDs=')),
    ).toHaveLength(1);
  });

  it('because a scope is missing puts nothing else off, and has tokens renewed once', async () => {
    let renewed = 0;
    const { xero, read, accessTo, make, parked } = await readerOfFake({
      tokens(fake) {
        let accessToken = fake.grant().access_token;
        return {
          async tokenOf(_tenantId, { rejected }) {
            if (rejected === accessToken) {
              renewed++;
              accessToken = fake.grant().access_token;
            }
            return { outcome: 'token', accessToken };
          },
        };
      },
    });
    xero.addFault({ kind: 'status', status: 401, times: 100, on: { path: '/api.xro/2.0/Payments' } });
    const [payment] = make('payment', 1) as [string];
    for (let times = 0; times < 3; times++) {
      expect(await read('payment', payment)).toMatchObject({ outcome: 'parked', reason: 'Xero answered 401' });
      expect(await read('invoice', make('invoice', 1)[0]!)).toMatchObject({ outcome: 'read' });
    }
    const own = accessTo('invoice', payment).get(`Payments/${payment}`, {}, waitFor());
    await expect(own).rejects.toMatchObject({ code: 'XW_XERO_UNAUTHORISED', status: 401 });
    expect(renewed).toBe(1);
    expect(parked).toEqual(['token', 'token', 'token']);
  });

  it.each([401, 403])('because a scope is missing (%i) takes two calls, however many events ask', async (status) => {
    const { xero, read, make, reads, parked } = await readerOfFake();
    xero.addFault({ kind: 'status', status, times: 1_000, on: { path: `${ROOT}/Payments` } });
    const payments = make('payment', 70);
    await read('payment', payments[0]!);
    await read('payment', payments[1]!);
    const before = reads().length;
    const values = await Promise.all(payments.map((id) => read('payment', id)));
    expect(values.every(({ outcome }) => outcome === 'parked')).toBe(true);
    expect(new Set(parked)).toContain('token');
    expect(reads()).toHaveLength(before);
    expect(await read('invoice', make('invoice', 1)[0]!)).toMatchObject({ outcome: 'read' });
  });

  it('by a firewall is no missing scope: it is tried again, and goes on when it lets calls through', async () => {
    const { xero, read, make, parked, reads } = await readerOfFake();
    const [payment] = make('payment', 1) as [string];
    xero.addFault({ kind: 'firewall', times: 2 });
    expect(await read('payment', payment)).toMatchObject({ outcome: 'read' });
    xero.addFault({ kind: 'firewall', times: 3 });
    await expect(read('invoice', make('invoice', 1)[0]!)).rejects.toMatchObject({
      code: 'XW_XERO_BLOCKED',
      status: 403,
    });
    expect(reads()).toHaveLength(6);
    expect(await read('payment', payment)).toMatchObject({ outcome: 'read' });
    expect(parked).toEqual([]);
  });

  it('by a firewall blames none of many resources', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    xero.addFault({ kind: 'firewall', times: 3 });
    const values = await Promise.allSettled(make('invoice', 10).map((id) => read('invoice', id)));
    expect(values.every(({ status }) => status === 'rejected')).toBe(true);
    expect(reads()).toHaveLength(3);
  });

  it('because a scope is missing is not tried for those who ask for many either', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    xero.addFault({ kind: 'status', status: 403, times: 1_000, on: { path: `${ROOT}/Invoices` } });
    for (const id of make('invoice', 10)) expect(await read('invoice', id)).toMatchObject({ outcome: 'parked' });
    expect(reads()).toHaveLength(2);
  });

  it('because of one resource that Xero takes no token for does not put off the others', async () => {
    const { xero, read, make } = await readerOfFake();
    const [bad, ...others] = make('payment', 5) as [string, ...string[]];
    xero.addFault({ kind: 'status', status: 403, times: 1_000, on: { path: `${ROOT}/Payments/${bad}` } });
    for (const id of others) {
      expect(await read('payment', bad)).toMatchObject({ outcome: 'parked' });
      expect(await read('payment', id)).toMatchObject({ outcome: 'read' });
    }
  });

  it('with 429 parks whoever asked for as long as Xero says', async () => {
    const { xero, read, make, parked } = await readerOfFake();
    const ids = make('invoice', 3);
    xero.setLimits({ perDay: 0 });
    const values = await Promise.all(ids.map((id) => read('invoice', id)));
    for (const value of values) {
      expect(value).toMatchObject({
        outcome: 'parked',
        delayMs: expect.toSatisfy((ms) => ms > 0),
        reason: "Xero's day limit leaves no call for this organisation",
      });
    }
    expect(parked).toEqual(['day', 'day', 'day']);
    expect(xero.calls()).toHaveLength(1);
  });

  it('with 429 that says nothing else parks whoever asked until the minute is over', async () => {
    const { xero, read, make } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    xero.addFault({ kind: 'too-many-requests' });
    expect(await read('invoice', id)).toMatchObject({ outcome: 'parked' });
    expect(xero.calls()).toHaveLength(1);
  });

  it('because others have all calls at once waits for a moment', async () => {
    const { xero, read, make, reads } = await readerOfFake();
    const [id] = make('invoice', 1) as [string];
    xero.setLimits({ simultaneous: 0 });
    const reading = read('invoice', id);
    await expect.poll(() => reads().length).toBe(1);
    xero.setLimits({ simultaneous: 5 });
    expect(await reading).toMatchObject({ outcome: 'read' });
  });

  it('with 403, or 401 whatever the token, parks the event’s own read', async () => {
    const { xero, read, make } = await readerOfFake();
    xero.addFault({ kind: 'status', status: 403 });
    const [payment] = make('payment', 1) as [string];
    expect(await read('payment', payment)).toMatchObject({ outcome: 'parked', reason: 'Xero answered 403' });
    xero.addFault({ kind: 'status', status: 401, times: 2 });
    const [prepayment] = make('prepayment', 1) as [string];
    expect(await read('prepayment', prepayment)).toMatchObject({ outcome: 'parked', reason: 'Xero answered 401' });
    expect(xero.calls()).toHaveLength(3);
  });

  it('without a token parks whoever asked, and makes no call', async () => {
    const none = { outcome: 'none', code: 'XW_XERO_NOT_CONNECTED', reason: 'not connected', retryMs: 60_000 } as const;
    const { xero, read } = await readerOfFake({ tokens: () => ({ tokenOf: async () => none }) });
    expect(await read('invoice', randomUUID())).toMatchObject({ outcome: 'parked', reason: 'not connected' });
    expect(await read('payment', randomUUID())).toMatchObject({ outcome: 'parked', reason: 'not connected' });
    expect(xero.calls()).toEqual([]);
  });
});

describe('a read that has to wait for the budget', () => {
  it('halts the clock of whoever asked, until its call goes', async () => {
    const { read, make, budget, tenantId } = await readerOfFake({ limits: { atOnce: 1 } });
    const [id] = make('invoice', 1) as [string];
    const permit = await budget.acquire(tenantId);
    let halted = false;
    const reading = read('invoice', id, {
      signal: new AbortController().signal,
      onWait() {
        halted = true;
        return () => void (halted = false);
      },
    });
    expect(halted).toBe(true);
    if (permit.granted) await permit.release({ end: 'over', bytes: 0, left: {} });
    expect(await reading).toMatchObject({ outcome: 'read' });
    expect(halted).toBe(false);
  });

  it('for long parks all who ask, spread as fast as the limits allow', async () => {
    const { read, make, budget, tenantId } = await readerOfFake({
      limits: { perMinute: 60 },
      occupancy: { active: 10, capacity: 10 },
      workers: 2,
    });
    const permit = await budget.acquire(tenantId);
    if (permit.granted) {
      const refused = { limit: 'minute', retryAfterMs: 30_000 } as const;
      await permit.release({ end: 'over', bytes: 0, left: {}, refused });
    }
    const ids = make('invoice', 20);
    const values = await Promise.all(ids.map((id) => read('invoice', id)));
    const delays = values.map((value) => (value.outcome === 'parked' ? Math.round(value.delayMs / 1_000) : 0));
    // Half of the places of two workers come back together, at the rate of two calls a group.
    expect(delays).toEqual([...Array<number>(10).fill(30), ...Array<number>(10).fill(32)]);
  });

  it('is taken back where whoever asked has gone', async () => {
    const { xero, read, make, budget, tenantId } = await readerOfFake({ limits: { atOnce: 1 } });
    const [id] = make('invoice', 1) as [string];
    const permit = await budget.acquire(tenantId);
    const gone = new AbortController();
    const reading = read('invoice', id, waitFor(gone.signal));
    gone.abort(new Error('timed out'));
    await expect(reading).rejects.toThrow('timed out');
    if (permit.granted) await permit.release({ end: 'over', bytes: 0, left: {} });
    expect(await read('invoice', make('invoice', 1)[0]!)).toMatchObject({ outcome: 'read' });
    expect(xero.calls().map(({ query }) => idsIn(decodeURIComponent(query)))).toEqual([1]);
  });

  it('is given up on the way where whoever asked has gone', async () => {
    const { xero, read, make } = await readerOfFake();
    xero.addFault({ kind: 'slow', ms: 60_000 });
    const gone = new AbortController();
    const reading = read('invoice', make('invoice', 1)[0]!, waitFor(gone.signal));
    await expect.poll(() => xero.calls().length).toBe(1);
    gone.abort(new Error('timed out'));
    await expect(reading).rejects.toThrow('timed out');
  });

  it.each<[string, Parameters<typeof readerOfFake>[0], string]>([
    ['all calls at once are taken elsewhere', { limits: { atOnce: 1 } }, 'concurrency'],
    ['a token takes its time', { tokens: () => ({ tokenOf: () => new Promise(() => {}) }) }, 'token'],
  ])('because %s leaves half of the places to others after a second', async (_what, options, limit) => {
    const { read, make, budget, tenantId, parked } = await readerOfFake({
      ...options,
      occupancy: { active: 10, capacity: 10 },
    });
    await budget.acquire(tenantId);
    const gone = new AbortController();
    const reading = make('invoice', 10).map((id) => read('invoice', id, waitFor(gone.signal)));
    await expect.poll(() => parked.length, { timeout: 5_000 }).toBe(5);
    expect(new Set(parked)).toEqual(new Set([limit]));
    gone.abort(new Error('enough'));
    const ends = await Promise.allSettled(reading);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
  });

  it('one by one leaves half of the places to others', async () => {
    const { xero, read, make, parked } = await readerOfFake({ occupancy: { active: 20, capacity: 20 } });
    xero.addFault({ kind: 'slow', ms: 50, times: 100 });
    const values = await Promise.all(make('payment', 20).map((id) => read('payment', id)));
    expect(values.filter(({ outcome }) => outcome === 'parked').length).toBeGreaterThanOrEqual(5);
    expect(parked.every((limit) => limit === 'turn')).toBe(true);
  });
});
