import { createSignatureCheck, eventKey, parsePayload } from '@xero-webhooks/webhook';
import { describe, expect, it } from 'vitest';
import { sign, xeroBodies } from './xero-bodies.ts';

describe('the bodies of the load', () => {
  it.each([1, 10])('are signed, have %i readable events each, and no event twice', (eventsEach) => {
    const bodies = xeroBodies(eventsEach, ['tenant-1', 'tenant-2']).take(50).toArray();
    const check = createSignatureCheck(['key']);
    const keys = bodies.flatMap((body) => {
      expect(check(Buffer.from(body), sign(body, 'key'))).toEqual({ matched: true, keyIndex: 0 });
      const payload = parsePayload(Buffer.from(body));
      if (payload.outcome !== 'events') throw new TypeError(payload.outcome);
      expect(payload.unreadable).toEqual([]);
      expect(payload.events).toHaveLength(eventsEach);
      return payload.events.map(({ event }) => eventKey(event));
    });
    expect(new Set(keys).size).toBe(50 * eventsEach);
  });

  it('are about as long as those of Xero', () => {
    const [body] = xeroBodies(1, ['ae1d6e1a-0000-4000-8000-000000000001']).take(1).toArray();
    expect(body!.length).toBeGreaterThan(580);
    expect(body!.length).toBeLessThan(620);
  });
});
