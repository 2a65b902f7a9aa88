import { describe, expect, it } from 'vitest';
import type { CallResult } from '../api/api.ts';
import { XeroError } from '../xero-error.ts';
import type { Facts } from './decide.ts';
import { decide, usageOf } from './decide.ts';

const ONE = { many: false, ids: [], failures: 0, refreshed: false, splits: { left: 0 }, target: 'one' };
const MANY = { ...ONE, many: true, ids: ['a', 'b'], splits: { left: 12 }, target: 'many' };
const LAST_TRY = { failures: 2 };

const FACTS = {
  probe: false,
  hung: false,
  abandoned: false,
  wanted: true,
  failureWaitsMs: [200, 1_000],
  renewedLately: false,
};

const OVER = { left: {}, bytes: 10, over: true };
const NO_ANSWER = { left: {}, bytes: 0, status: 0, over: false };

const answered: CallResult = { ...OVER, status: 200, outcome: 'answered', value: 'them' };
const tooMany: CallResult = { ...OVER, status: 429, outcome: 'too-many', limit: 'minute', retryAfterMs: 3_000 };
const unauthorised: CallResult = { ...OVER, status: 401, outcome: 'unauthorised', error: refused(401) };
const forbidden: CallResult = { ...OVER, status: 403, outcome: 'forbidden', error: refused(403) };
const badRequest: CallResult = { ...OVER, status: 400, outcome: 'failed', error: refused(400) };
const notFound: CallResult = { ...OVER, status: 404, outcome: 'failed', error: refused(404) };
const serverError: CallResult = { ...OVER, status: 500, outcome: 'transient', error: refused(500) };
const unavailable: CallResult = { ...OVER, status: 503, outcome: 'transient', error: refused(503, 120_000) };
const blocked: CallResult = {
  ...OVER,
  status: 403,
  outcome: 'transient',
  error: new XeroError('XW_XERO_BLOCKED', 'blocked', { status: 403 }),
};
const reset: CallResult = { ...NO_ANSWER, over: true, outcome: 'transient', error: refused(0) };
const timedOut: CallResult = { ...NO_ANSWER, outcome: 'transient', error: refused(0), late: true };

function refused(status: number, retryAfterMs?: number): XeroError {
  return new XeroError('XW_XERO_REFUSED', `Xero answered ${status}`, { status, retryAfterMs });
}

type Case = [what: string, call: Partial<typeof MANY>, result: CallResult, facts: Partial<typeof FACTS>, next: object];

describe('what follows from a call', () => {
  it.each<Case>([
    ['an answer is given to those who wait', ONE, answered, {}, { next: 'answer', value: 'them' }],
    ['429 has it made again', MANY, tooMany, {}, { next: 'requeue' }],
    ['429 to the last try has it made again too', { ...MANY, ...LAST_TRY }, tooMany, {}, { next: 'requeue' }],
    ['a first 401 asks for another token', ONE, unauthorised, {}, { next: 'renew-token' }],
    ['a 401 with another token is final', { ...ONE, refreshed: true }, unauthorised, {}, { next: 'refuse' }],
    [
      'a 401 after another token has not helped its kind is final',
      ONE,
      unauthorised,
      { renewedLately: true },
      { next: 'refuse' },
    ],
    ['403 is final', MANY, forbidden, {}, { next: 'refuse' }],
    ['404 for one resource rejects it', ONE, notFound, {}, { next: 'reject', poisoned: false }],
    ['404 for many says nothing of them: it is tried again', MANY, notFound, {}, { next: 'retry' }],
    ['400 for one rejects it', ONE, badRequest, {}, { next: 'reject', poisoned: false }],
    ['400 for many splits it at once', MANY, badRequest, {}, { next: 'split' }],
    ['500 is tried again', MANY, serverError, {}, { next: 'retry' }],
    ['500 to the second try is tried again', { ...ONE, failures: 1 }, serverError, {}, { next: 'retry' }],
    ['500 to the last try for one rejects it', { ...ONE, ...LAST_TRY }, serverError, {}, { next: 'reject' }],
    ['500 to the last try for many splits it', { ...MANY, ...LAST_TRY }, serverError, {}, { next: 'split' }],
    [
      '500 to the last try for many that have been halved too often parks them',
      { ...MANY, ...LAST_TRY, splits: { left: 0 } },
      serverError,
      {},
      { next: 'park' },
    ],
    [
      '500 to the last try for one that was left of many marks it, however often they were halved',
      { ...MANY, ...LAST_TRY, ids: ['a'], splits: { left: 0 } },
      serverError,
      {},
      { next: 'reject', poisoned: true },
    ],
    ['500 to the probe is not tried again', MANY, serverError, { probe: true }, { next: 'split' }],
    ['500 to a call that nobody waits for is not tried again', ONE, serverError, { wanted: false }, { next: 'reject' }],
    ['a longer Retry-After than the tries wait rejects everybody', MANY, unavailable, {}, { next: 'reject' }],
    ['a timeout rejects everybody', MANY, timedOut, {}, { next: 'reject', poisoned: false }],
    ['no answer after a long time rejects everybody', MANY, reset, { hung: true }, { next: 'reject' }],
    ['a reset connection is tried again', MANY, reset, {}, { next: 'retry' }],
    ['a proxy in the way is tried again', MANY, blocked, {}, { next: 'retry' }],
    [
      'a proxy in the way to the last try rejects everybody',
      { ...MANY, ...LAST_TRY },
      blocked,
      {},
      { next: 'reject', poisoned: false },
    ],
  ])('%s', (_what, call, result, facts, next) => {
    expect(decide({ ...ONE, ...call }, result, { ...FACTS, ...facts })).toMatchObject(next);
  });
});

describe('what the budget is told of a call', () => {
  const usage = (call: Partial<typeof MANY>, result: CallResult, facts: Partial<Facts> = {}) =>
    usageOf({ ...ONE, ...call }, result, { ...FACTS, ...facts });

  it.each<[string, Partial<typeof MANY>, CallResult, Partial<Facts>, object]>([
    ['an answer', ONE, answered, {}, { end: 'over', bytes: 10, answered: true, target: 'one' }],
    ['what is wrong with a read tells that Xero works', ONE, notFound, {}, { answered: true }],
    ['404 for many does not', MANY, notFound, {}, { answered: false }],
    ['429', ONE, tooMany, {}, { answered: false, refused: { limit: 'minute', retryAfterMs: 3_000 } }],
    ['the last try', { ...ONE, ...LAST_TRY }, serverError, {}, { refused: { limit: 'outage', hung: false } }],
    ['a Retry-After', ONE, unavailable, {}, { refused: { limit: 'outage', retryAfterMs: 120_000 } }],
    ['a timeout', ONE, timedOut, {}, { end: 'unknown', refused: { limit: 'outage', hung: true } }],
    [
      'a call that was given up after a long time',
      ONE,
      reset,
      { hung: true, abandoned: true, wanted: false },
      { refused: { limit: 'outage', hung: true } },
    ],
  ])('%s', (_what, call, result, facts, expected) => {
    expect(usage(call, result, facts)).toMatchObject(expected);
  });

  it.each<[string, Partial<typeof MANY>, CallResult, Partial<Facts>]>([
    ['a try that is not the last', ONE, serverError, {}],
    ['a call that was given up soon', ONE, reset, { abandoned: true, wanted: false }],
    ['a refused token', ONE, unauthorised, {}],
  ])('%s is no outage', (_what, call, result, facts) => {
    expect(usage(call, result, facts)).not.toHaveProperty('refused');
  });
});
