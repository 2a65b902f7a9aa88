import type { Read, ReadOptions, ResourceCategory, XeroAccess } from '@xero-webhooks/handlers';
import { createLogger } from '@xero-webhooks/runtime';
import type { FakeXero, FakeXeroOptions } from '@xero-webhooks/fake-xero';
import { startFakeXero, xeroEvent } from '@xero-webhooks/fake-xero';
import { onTestFinished } from 'vitest';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { createXeroApi } from '../api/api.ts';
import type { BudgetLimits } from '../budget/budget.ts';
import { createBudget } from '../budget/budget.ts';
import type { TokenSource } from '@xero-webhooks/xero-auth';
import { createEventAccess } from './event-access.ts';
import type { Crowd } from './organisation-reads.ts';
import { createXeroReader } from './reader.ts';

type Options = {
  fake?: FakeXeroOptions;
  limits?: Partial<BudgetLimits>;
  crowd?: Crowd;
  workers?: number;
  timeoutMs?: number;
  hungMs?: number;
  tokens?: (xero: FakeXero) => TokenSource;
};

/** A reader over the fake Xero and a budget in Redis, as a worker has it. */
export async function readerOfFake(options: Options = {}) {
  const { fake, limits, crowd, workers = 1, timeoutMs = 2_000, hungMs, tokens = grantedTokens } = options;
  const xero = await startFakeXero(fake);
  onTestFinished(xero.stop);
  const budget = createBudget({
    client: testClient(),
    prefix: testPrefix(),
    limits: { atOnce: 5, perMinute: 60, perDay: 5_000, dayReserve: 0, appPerMinute: 10_000, ...limits },
  });
  const api = createXeroApi({ apiUrl: xero.url, timeoutMs });
  onTestFinished(api.close);
  const parked: string[] = [];
  const reader = createXeroReader({
    api,
    budget,
    tokens: tokens(xero),
    workers: () => workers,
    crowd: () => crowd ?? { active: 0, capacity: 50 },
    observer: { called: () => {}, parked: (limit, count) => void parked.push(...Array<string>(count).fill(limit)) },
    log: createLogger('test', 'silent'),
    failureWaitsMs: [5, 10],
    ...(hungMs === undefined ? {} : { hungMs }),
  });
  const tenantId = xero.organisations[0]!.tenantId;

  /** What the handlers of an event of a resource read with. */
  const accessTo = (category: ResourceCategory, resourceId: string, ofTenant = tenantId): XeroAccess =>
    createEventAccess(
      reader,
      xeroEvent({ category, type: 'update', resourceId, tenantId: ofTenant, dateUtc: '2026-11-23T00:00:00' }),
    );
  const read = (category: ResourceCategory, resourceId: string, words = waitFor()): Promise<Read<unknown>> =>
    accessTo(category, resourceId).resource(words);
  /** Makes new resources in the first organisation. */
  const make = (category: ResourceCategory, count: number): string[] =>
    xero
      .changeAll(Array.from({ length: count }, () => ({ category, notify: false })))
      .map(({ resourceId }) => resourceId);
  /** The reads that came to the API, as `path?query`. */
  const reads = (): string[] =>
    xero
      .calls()
      .filter(({ path }) => path.startsWith('/api.xro'))
      .map(({ path, query }) => decodeURIComponent(query === '' ? path : `${path}?${query}`));
  return { xero, budget, tenantId, reader, parked, accessTo, read, make, reads };
}

/** Tokens of a grant, got without asking over HTTP; a new one where one was refused. */
function grantedTokens(xero: FakeXero): TokenSource {
  let accessToken = xero.grant().access_token;
  return {
    async tokenOf(_tenantId, { rejected }) {
      if (rejected === accessToken) accessToken = xero.grant().access_token;
      return { outcome: 'token', accessToken };
    },
  };
}

/** The words of somebody who waits as long as it takes. */
export function waitFor(signal: AbortSignal = new AbortController().signal): ReadOptions {
  return { signal, onWait: () => () => {} };
}
