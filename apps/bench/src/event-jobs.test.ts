import { xeroBody } from '@xero-webhooks/fake-xero';
import { describe, expect, it } from 'vitest';
import { BODY_BYTES, makeEventJobs } from './event-jobs.ts';

describe('the jobs of a benchmark', () => {
  it('come from bodies of the length that is said', () => {
    for (const { data } of makeEventJobs({ count: 12 })) {
      expect(xeroBody([data.event], data.sequence!)).toHaveLength(BODY_BYTES);
    }
  });

  it('are of different events, each of a resource of its own', () => {
    const jobs = makeEventJobs({ count: 500 });
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(500);
    expect(new Set(jobs.map(({ data }) => data.event.resourceId)).size).toBe(500);
  });

  it('are of different events of one resource where that is wanted', () => {
    const jobs = makeEventJobs({ count: 500, resourceOf: () => ({ resourceId: 'r-1', tenantId: 't-1' }) });
    expect(new Set(jobs.map(({ id }) => id)).size).toBe(500);
    expect(new Set(jobs.map(({ data }) => data.event.resourceId))).toEqual(new Set(['r-1']));
  });
});
