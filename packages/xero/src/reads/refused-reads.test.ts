import { describe, expect, it } from 'vitest';
import { XeroError } from '../xero-error.ts';
import { createRefusedReads } from './refused-reads.ts';

const error = new XeroError('XW_XERO_UNAUTHORISED', 'Xero answered 401', { status: 401 });
const payment = (id: number) => ({ tenantId: 't', path: `/api.xro/2.0/Payments/p-${id}`, target: `p-${id}` });

function world() {
  let time = 0;
  const refused = createRefusedReads(() => time);
  const pass = (ms: number): void => void (time += ms);
  return { refused, pass };
}

describe('what Xero takes no token for', () => {
  it('is one thing alone until another of its kind is refused too', () => {
    const { refused } = world();
    refused.add(payment(1), error);
    expect(refused.refusal(payment(1))).toEqual({ error, waitMs: 60_000 });
    expect(refused.refusal(payment(2))).toBe(undefined);
    refused.add(payment(2), error);
    expect(refused.refusal(payment(3))).toEqual({ error, waitMs: 60_000 });
    expect(refused.refusal({ ...payment(3), tenantId: 'other' })).toBe(undefined);
    expect(refused.refusal({ tenantId: 't', path: '/api.xro/2.0/Prepayments/p-3' })).toBe(undefined);
  });

  it('is looked at by one call at a time, later each time until it works', () => {
    const { refused, pass } = world();
    refused.add(payment(1), error);
    refused.add(payment(2), error);
    for (const waitMs of [120_000, 240_000, 480_000, 600_000, 600_000]) {
      pass(600_000);
      expect(refused.refusal(payment(3))).toBe(undefined);
      refused.begin(payment(3));
      expect(refused.refusal(payment(4))).toMatchObject({ waitMs: 60_000 });
      expect(refused.add(payment(3), error)).toBe(waitMs);
    }
    refused.forget(payment(1));
    expect(refused.refusal(payment(4))).toBe(undefined);
  });

  it('waits no longer for several that were refused together than for one', () => {
    const { refused } = world();
    expect([1, 2, 3, 4, 5].map((id) => refused.add(payment(id), error))).toEqual(Array<number>(5).fill(60_000));
  });

  it('has tokens renewed in vain every ten minutes at most', () => {
    const { refused, pass } = world();
    refused.add(payment(1), error);
    pass(599_999);
    refused.add(payment(1), error);
    expect(refused.has(payment(2))).toBe(true);
    pass(1);
    expect(refused.has(payment(2))).toBe(false);
  });
});
