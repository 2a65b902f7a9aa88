import { describe, expect, it } from 'vitest';
import type { SystemState } from '../read-system.ts';
import { findIngressAlerts } from './find-ingress-alerts.ts';
import { findOrganisationAlerts } from './find-organisation-alerts.ts';
import type { SystemFacts } from './find-system-alerts.ts';
import { findSystemAlerts } from './find-system-alerts.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BOUNDS = { afterMs: MINUTE, oldestMs: 5 * MINUTE, failingMs: 10 * MINUTE };

const worker = (...handlers: string[]) =>
  ({ handlers: handlers.map((name) => ({ name, events: ['*'] })) }) as unknown as SystemState['workers'][number];

const WELL: SystemState = {
  waiting: 3,
  active: 1,
  delayed: 4,
  deadLetters: 0,
  handled: 100,
  waitingSince: NOW - MINUTE,
  quarantined: 0,
  workers: [worker('sync')],
};

const failing = (handler: string, ms: number): SystemFacts['handlers'][number] => ({
  handler,
  succeededAt: undefined,
  failedAt: NOW,
  failingSince: NOW - ms,
});

const find = (system: Partial<SystemState>, more: Partial<SystemFacts> = {}) =>
  findSystemAlerts(
    { now: NOW, system: { ...WELL, ...system }, handlers: [], memory: 0.5, warnings: [], ...more },
    BOUNDS,
  );

describe('what one process finds for all', () => {
  it('is nothing where all is well', () => {
    expect(find({})).toEqual([]);
    expect(find({}, { memory: 0.8, handlers: [failing('sync', 10 * MINUTE)] })).toEqual([]);
    expect(find({ waitingSince: undefined })).toEqual([]);
  });

  it.each<[string, Partial<SystemState>, Partial<SystemFacts>, object]>([
    [
      'no worker',
      { workers: [] },
      {},
      { name: 'no-worker', holdMs: MINUTE, text: 'No worker is running, and 3 events wait' },
    ],
    ['one dead letter', { deadLetters: 1 }, {}, { name: 'dead-letter', text: 'There is a dead letter' }],
    ['several', { deadLetters: 7 }, {}, { name: 'dead-letter', text: 'There are 7 dead letters' }],
    ['a body in quarantine', { quarantined: 1 }, {}, { name: 'quarantine', text: 'There is a body in quarantine' }],
    [
      'an old event',
      { waitingSince: NOW - 6 * MINUTE },
      {},
      { name: 'oldest-event', text: expect.stringContaining('for 6 min') },
    ],
    ['little memory', {}, { memory: 0.81 }, { name: 'redis-nearly-full', text: 'Redis uses 81 % of its memory' }],
    ['a warning', {}, { warnings: ['no file'] }, { name: 'redis-misconfigured', text: 'no file' }],
    [
      'a handler that only fails',
      {},
      { handlers: [failing('sync', 11 * MINUTE)] },
      { name: 'handler-failing', subject: 'sync', text: 'The handler sync has only failed for 11 min' },
    ],
  ])('is %s', (_what, system, more, alert) => {
    expect(find(system, more)).toEqual([{ subject: '', holdMs: 0, ...alert }]);
  });

  it('leaves out a handler that was taken out, but not one whose workers are down', () => {
    const handlers = [failing('old', HOUR)];
    expect(find({}, { handlers })).toEqual([]);
    expect(find({ workers: [] }, { handlers }).map(({ name }) => name)).toEqual(['no-worker', 'handler-failing']);
  });

  it('says which organisations cannot be read, and why', () => {
    const states = (['connected', 'disconnected', 'parked', 'unused'] as const).map((state) => ({
      tenantId: `t-${state}`,
      name: state === 'parked' ? 'Harbour Books' : undefined,
      state,
      detail: 'because',
    }));
    expect(findOrganisationAlerts(states)).toMatchObject([
      {
        name: 'organisation-disconnected',
        subject: 't-disconnected',
        text: 'The organisation t-disconnected must be connected again: because',
      },
      {
        name: 'organisation-parked',
        subject: 't-parked',
        text: 'The organisation Harbour Books (t-parked) cannot be read: because',
      },
      { name: 'access-unused', subject: 't-unused' },
    ]);
  });
});

describe('what an ingress finds for itself', () => {
  const own = (facts: Partial<Parameters<typeof findIngressAlerts>[0]>) =>
    findIngressAlerts(
      { now: NOW, redis: { usable: true, memory: 0 }, failingSince: undefined, mismatches: undefined, ...facts },
      BOUNDS,
    );

  it('is nothing where all is well, or it has only begun', () => {
    expect(own({})).toEqual([]);
    expect(own({ failingSince: NOW - MINUTE + 1, mismatches: { since: NOW - HOUR, count: 2 } })).toEqual([]);
    expect(own({ mismatches: { since: NOW - MINUTE, count: 200 } })).toEqual([]);
  });

  it.each<[string, number, string]>([
    [
      'a webhook in danger',
      2 * HOUR,
      'Requests of Xero have failed since 2026-11-30T10:00Z: Xero disables the webhook of the whole app in 22 h',
    ],
    [
      'one that may be disabled',
      25 * HOUR,
      'Requests of Xero have failed since 2026-11-29T11:00Z: Xero may have disabled the webhook of the whole app',
    ],
  ])('is %s', (_what, ms, text) => {
    expect(own({ failingSince: NOW - ms })).toEqual([{ name: 'webhook-in-danger', subject: '', holdMs: 0, text }]);
  });

  it('is a Redis that cannot be used, and a key that does not match', () => {
    expect(
      own({
        redis: { usable: false, reason: 'Redis does not answer' },
        mismatches: { since: NOW - 5 * MINUTE, count: 3 },
      }),
    ).toMatchObject([
      { name: 'redis-unusable', holdMs: MINUTE, text: 'The ingress cannot use Redis: Redis does not answer' },
      { name: 'signatures-refused', text: '3 requests in a row had a signature that matches no key' },
    ]);
  });
});
