import { describe, expect, it } from 'vitest';
import { XeroError } from '../xero-error.ts';
import { createForbidden } from './forbidden.ts';

const error = new XeroError('XW_XERO_UNAUTHORISED', 'Xero answered 401', { status: 401 });
const payment = (id: number) => ({ tenantId: 't', path: `/api.xro/2.0/Payments/p-${id}`, what: `p-${id}` });

function world() {
  let time = 0;
  const forbidden = createForbidden(() => time);
  const pass = (ms: number): void => void (time += ms);
  return { forbidden, pass };
}

describe('what Xero takes no token for', () => {
  it('is one thing alone until another of its kind is refused too', () => {
    const { forbidden } = world();
    forbidden.add(payment(1), error);
    expect(forbidden.refusal(payment(1))).toEqual({ error, waitMs: 60_000 });
    expect(forbidden.refusal(payment(2))).toBe(undefined);
    forbidden.add(payment(2), error);
    expect(forbidden.refusal(payment(3))).toEqual({ error, waitMs: 60_000 });
    expect(forbidden.refusal({ ...payment(3), tenantId: 'other' })).toBe(undefined);
    expect(forbidden.refusal({ tenantId: 't', path: '/api.xro/2.0/Prepayments/p-3' })).toBe(undefined);
  });

  it('is looked at by one call at a time, later each time until it works', () => {
    const { forbidden, pass } = world();
    forbidden.add(payment(1), error);
    forbidden.add(payment(2), error);
    for (const waitMs of [120_000, 240_000, 480_000, 600_000, 600_000]) {
      pass(600_000);
      expect(forbidden.refusal(payment(3))).toBe(undefined);
      forbidden.begin(payment(3));
      expect(forbidden.refusal(payment(4))).toMatchObject({ waitMs: 60_000 });
      expect(forbidden.add(payment(3), error)).toBe(waitMs);
    }
    forbidden.forget(payment(1));
    expect(forbidden.refusal(payment(4))).toBe(undefined);
  });

  it('waits no longer for several that were refused together than for one', () => {
    const { forbidden } = world();
    expect([1, 2, 3, 4, 5].map((id) => forbidden.add(payment(id), error))).toEqual(Array<number>(5).fill(60_000));
  });

  it('has tokens renewed in vain every ten minutes at most', () => {
    const { forbidden, pass } = world();
    forbidden.add(payment(1), error);
    pass(599_999);
    forbidden.add(payment(1), error);
    expect(forbidden.has(payment(2))).toBe(true);
    pass(1);
    expect(forbidden.has(payment(2))).toBe(false);
  });
});
