import { xeroBody } from '@xero-webhooks/fake-xero';
import { eventKey, parsePayload } from '@xero-webhooks/webhook';
import { describe, expect, it } from 'vitest';
import { BODY_BYTES, eventBodies, makeEventJobs } from './events.ts';

describe('the jobs of a benchmark', () => {
  it('come from bodies of the stated length', () => {
    for (const { data } of makeEventJobs({ count: 12 })) {
      expect(xeroBody([data.event], data.sequence!)).toHaveLength(BODY_BYTES);
    }
  });

  it('are for different events, each of its own resource', () => {
    const jobs = makeEventJobs({ count: 500 });
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(500);
    expect(new Set(jobs.map(({ data }) => data.event.resourceId)).size).toBe(500);
  });

  it('can be for different events of one resource', () => {
    const jobs = makeEventJobs({ count: 500, resourceOf: () => ({ resourceId: 'r-1', tenantId: 't-1' }) });
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(500);
    expect(new Set(jobs.map(({ data }) => data.event.resourceId))).toEqual(new Set(['r-1']));
  });
});

describe('the bodies of the load', () => {
  it.each([1, 10])('have %i readable events each, and no event twice', (eventsEach) => {
    const bodies = eventBodies(eventsEach).take(50).toArray();
    const keys = bodies.flatMap(({ body, resourceIds }) => {
      const payload = parsePayload(body);
      if (payload.outcome !== 'events') throw new TypeError(payload.outcome);
      expect(payload.unreadable).toEqual([]);
      expect(payload.events.map(({ event }) => event.resourceId)).toEqual(resourceIds);
      return payload.events.map(({ event }) => eventKey(event));
    });
    expect(new Set(keys).size).toBe(50 * eventsEach);
  });

  it('are as long as those of Xero', () => {
    const [first] = eventBodies(1).take(1).toArray();
    expect(first!.body).toHaveLength(BODY_BYTES);
  });
});
