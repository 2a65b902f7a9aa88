import type { QuarantineOutcome } from '@xero-webhooks/queue';
import { signedHeaders, xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { describe, expect, it } from 'vitest';
import type { AdmitOptions } from './admit.ts';
import { createAdmit } from './admit.ts';
import type { StoreOutcome } from './storage-limits.ts';
import type { StorePayloadOptions } from './store-payload.ts';
import { createStorePayload } from './store-payload.ts';

const KEY = 'test_key';
const good = xeroEvent({
  category: 'invoice',
  type: 'update',
  resourceId: 'r-1',
  tenantId: 't-1',
  dateUtc: '2026-01-02T03:04:05.67',
});
const whole = xeroBody([good], 1);
const mixed = xeroBody([good, { ...good, tenantId: '' }], 1);

const STORED: StoreOutcome = { outcome: 'stored' };
const KEPT: QuarantineOutcome = { outcome: 'kept', usedBytes: 1 };

type Options = Partial<StorePayloadOptions & Pick<AdmitOptions, 'redis'>>;

function admitting({ redis = () => ({ usable: true, memory: 0 }), ...options }: Options) {
  const store = createStorePayload({
    withinLimits: (_bytes, storeIt) => storeIt({ expired: false, onExpired: undefined }),
    commit: async () => STORED,
    quarantine: async () => KEPT,
    ...options,
  });
  const admit = createAdmit({ keys: [KEY], store, redis });
  return (body: Buffer) => admit(body, signedHeaders(body, KEY));
}

describe('a request with some unreadable events', () => {
  it('stores its events and its body at the same time, so that both have the whole deadline', async () => {
    const asked: string[] = [];
    let answer = (): void => {};
    const bothAsked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const ask = (what: string): Promise<void> => {
      asked.push(what);
      if (asked.length === 2) answer();
      return bothAsked;
    };
    const admit = admitting({
      commit: () => ask('commit').then(() => STORED),
      quarantine: () => ask('quarantine').then(() => KEPT),
    });
    expect(await admit(mixed)).toMatchObject({ outcome: 'accepted', events: 1, unreadable: 1 });
    expect(asked.toSorted()).toEqual(['commit', 'quarantine']);
  });

  it.each<[string, Options, string]>([
    ['its events are not stored', { commit: async () => ({ outcome: 'refused', reason: 'no' }) }, 'no'],
    ['its body is not kept', { quarantine: async () => ({ outcome: 'unavailable', reason: 'no' }) }, 'no'],
    [
      'the quarantine is full',
      { quarantine: async () => ({ outcome: 'full', usedBytes: 9 }) },
      'the quarantine is full',
    ],
  ])('is refused if %s', async (_what, options, reason) => {
    expect(await admitting(options)(mixed)).toEqual({ outcome: 'refused', reason, keyIndex: 0 });
  });
});

describe('a request', () => {
  it.each([
    ['away', { usable: false, reason: 'Redis does not answer' }, 'Redis does not answer'],
    ['nearly full', { usable: true, memory: 0.85 }, 'Redis is nearly full'],
  ] as const)('is refused without asking Redis while it is %s', async (_what, state, reason) => {
    const admit = admitting({
      redis: () => state,
      commit: () => Promise.reject(new Error('asked')),
      quarantine: () => Promise.reject(new Error('asked')),
    });
    for (const body of [whole, mixed, Buffer.from('no JSON')]) {
      expect(await admit(body)).toEqual({ outcome: 'refused', reason, keyIndex: 0 });
    }
    expect(await admit(xeroBody([], 0))).toEqual({ outcome: 'intent-to-receive', keyIndex: 0 });
  });

  it("is accepted up to 85 % of Redis's memory", async () => {
    expect(await admitting({ redis: () => ({ usable: true, memory: 0.849 }) })(whole)).toMatchObject({
      outcome: 'accepted',
    });
  });
});
