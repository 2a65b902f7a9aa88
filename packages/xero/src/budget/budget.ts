import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import type { CallsLeft, XeroLimit } from '../api/limit-headers.ts';
import { CALL_TIMEOUT_MS } from '../api/api.ts';

/** How many calls this system may make for one organisation: the variables XERO_CONCURRENCY and so on. */
export type BudgetLimits = {
  readonly atOnce: number;
  readonly perMinute: number;
  readonly perDay: number;
  /** Of a day's calls, those that are left to others. */
  readonly dayReserve: number;
  /** For the whole app. */
  readonly appPerMinute: number;
};

/** Xero's own for one app, over all organisations. */
export const APP_MINUTE_LIMIT = 10_000;

/** What is known of a call once it is over. */
export type CallUsage = {
  /** `unsent`: it was never made; `unknown`: nobody waits for it any more, but Xero may still be at work on it. */
  readonly end: 'unsent' | 'over' | 'unknown';
  readonly bytes: number;
  readonly left: CallsLeft;
  /** Whether Xero has answered what was asked, and what was asked, so that two that fail can be told apart. */
  readonly answered?: boolean;
  readonly target?: string;
  /**
   * The limit that Xero has refused it for, and how long it said to wait, in milliseconds. `outage`: it has failed again and
   * again; where different calls do so with no answer between, Xero is left alone for a while, longer each time, and at
   * least as long as it said.
   */
  readonly refused?: {
    readonly limit: XeroLimit | 'outage';
    readonly retryAfterMs: number | undefined;
    /** Of an outage: it has taken too long, which costs so much that others need not fail too. */
    readonly hung?: boolean;
  };
};

/** `redis`: the budget cannot be looked at. */
export type BudgetRefusal = { readonly limit: XeroLimit | 'outage' | 'redis'; readonly waitMs: number };

/** The use of a call that was not made after all. */
export const UNSENT: CallUsage = { end: 'unsent', bytes: 0, left: {} };

type Granted = { readonly call: string; readonly turn: number };

export type Permit = {
  readonly granted: true;
  /** After an outage, whether this is the one call that finds out whether Xero works again. */
  readonly probe: boolean;
  readonly release: (use: CallUsage) => Promise<void>;
};

/** How those who have to wait come back: in groups of a size, so many milliseconds apart, and within a group too. */
export type WakePace = { readonly groupSize: number; readonly intervalMs: number; readonly spreadMs: number };

export type Budget = {
  readonly limits: BudgetLimits;
  /** Asks for one call. */
  acquire(tenantId: string): Promise<Permit | ({ readonly granted: false } & BudgetRefusal)>;
  /**
   * Gives several waiters a time each to come back.
   *
   * @param line waiters of different lines do not wait for each other
   * @param waitMs the wait of the first at least, in milliseconds
   * @returns how long each waits, in milliseconds
   */
  wakeTimes(tenantId: string, line: string, count: number, waitMs: number, pace: WakePace): Promise<number[]>;
};

type Options = { client: RedisClient; prefix: string; limits: BudgetLimits };

/** A process that dies frees its calls after this, in milliseconds. */
const LEASE_MS = CALL_TIMEOUT_MS + 15_000;

/** For so long others wait for the call that finds out whether Xero works again, in milliseconds. */
const PROBE_MS = CALL_TIMEOUT_MS + 1_000;

/** Longer than a day, so that a day's use is not forgotten within it. */
const KEEP_MS = 90_000_000;

/** Where Redis does not answer, whoever waits asks again after this, in milliseconds. */
const REDIS_RETRY_MS = 500;

/** The process's watch on Redis says what is wrong with it. */
const NO_REDIS = { granted: false, limit: 'redis', waitMs: REDIS_RETRY_MS } as const;

/** What a concurrency limit that Xero reports holds everybody up for, in milliseconds: Xero does not say. */
const CONCURRENCY_BLOCK_MS = 1_000;

/** No limit of Xero's lasts longer than a day: an odd header must not shut an organisation out for longer. In milliseconds. */
const MAX_BLOCK_MS = 86_400_000;

/** How long a day's use can be looked at. */
export const USAGE_KEPT_DAYS = 8;
const USAGE_KEPT_S = USAGE_KEPT_DAYS * 86_400;

/**
 * The calls to Xero that all workers share, counted in Redis. All keys of one organisation carry it as their
 * hash tag.
 *
 * Limits: https://developer.xero.com/documentation/guides/oauth2/limits
 */
export function createBudget({ client, prefix, limits }: Options): Budget {
  const bind = (name: string) => bindScript(client, new URL(`${name}.lua`, import.meta.url));
  const acquire = bind('acquire');
  const release = bind('release');
  const wake = bind('wake');
  const app = bind('app');

  const keysOf = (tenantId: string): string[] =>
    ['calls', 'busy', 'limits'].map((kind) => keyOf(prefix, tenantId, kind));
  const appKey = `${prefix}:xero:app`;

  async function refusalOfApp(): Promise<BudgetRefusal | undefined> {
    try {
      const waitMs = Number(await app([appKey], [limits.appPerMinute, 'take', '', 0]));
      return waitMs > 0 ? { limit: 'app-minute', waitMs } : undefined;
    } catch {
      return NO_REDIS;
    }
  }

  async function takeFromOrganisation(
    tenantId: string,
    call: string,
  ): Promise<BudgetRefusal | { turn: number; probe: boolean }> {
    const { atOnce, perMinute, perDay, dayReserve } = limits;
    const args = [call, LEASE_MS, atOnce, perMinute, perDay, dayReserve, KEEP_MS, PROBE_MS];
    const answer = (await acquire(keysOf(tenantId), args)) as [XeroLimit | 'outage' | 'go', number, number?];
    const [limit, value, probe] = answer;
    return limit === 'go' ? { turn: value, probe: probe === 1 } : { limit, waitMs: value };
  }

  async function note(tenantId: string, { call, turn }: Granted, use: CallUsage): Promise<void> {
    const { end, left, refused, answered = false, target = '' } = use;
    const block = blockMs(refused);
    const ofApp = refused?.limit === 'app-minute';
    const outcome = answered ? 'answered' : target;
    const said = [left.minute ?? '', left.day ?? '', turn];
    const why = [ofApp ? 0 : block, refused?.limit ?? '', outcome, KEEP_MS, minBlockMs(refused)];
    await release(keysOf(tenantId), [call, end, ...said, ...why]);
    if (end === 'unsent') return;
    if (ofApp || (left.appMinute !== undefined && left.appMinute < limits.appPerMinute / 10))
      await app([appKey], [limits.appPerMinute, 'learn', left.appMinute ?? '', ofApp ? Math.max(block, 5_000) : 0]);
    await recordUsage(tenantId, use);
  }

  async function recordUsage(tenantId: string, { bytes, left }: CallUsage): Promise<void> {
    const key = usageKey(prefix, new Date());
    const id = tenantId.toLowerCase();
    await Promise.all([
      client.hincrby(key, `${id} calls`, 1),
      client.hincrby(key, `${id} bytes`, bytes),
      left.day === undefined ? undefined : client.hset(key, `${id} left`, left.day),
      client.expire(key, USAGE_KEPT_S),
    ]);
  }

  return {
    limits,
    async acquire(tenantId) {
      const call = randomUUID();
      try {
        const taken = await takeFromOrganisation(tenantId, call);
        if ('limit' in taken) return { granted: false, ...taken };
        // What Redis does not hear of counts until its lease is over.
        const giveBack = (use: CallUsage): Promise<void> =>
          note(tenantId, { call, turn: taken.turn }, use).catch(() => undefined);
        const refusal = await refusalOfApp();
        if (!refusal) return { granted: true, probe: taken.probe, release: giveBack };
        await giveBack(UNSENT);
        return { ...refusal, granted: false };
      } catch {
        return NO_REDIS;
      }
    },
    async wakeTimes(tenantId, line, count, waitMs, { groupSize, intervalMs, spreadMs }) {
      const [, , key] = keysOf(tenantId);
      try {
        const args = [line, count, Math.ceil(waitMs), Math.ceil(intervalMs), groupSize, spreadMs, KEEP_MS];
        return (await wake([key!], args)) as number[];
      } catch {
        return Array.from({ length: count }, (_, place) => waitMs + Math.floor(place / groupSize) * intervalMs);
      }
    },
  };
}

/** Where what is known of an organisation's limits is kept. */
export function limitsKey(prefix: string, tenantId: string): string {
  return keyOf(prefix, tenantId, 'limits');
}

function keyOf(prefix: string, tenantId: string, kind: string): string {
  return `${prefix}:{${tenantId.toLowerCase()}}:xero:${kind}`;
}

/** Where a day's use of all organisations is counted. */
export function usageKey(prefix: string, day: Date): string {
  return `${prefix}:xero:use:${day.toISOString().slice(0, 10)}`;
}

/** How long nobody may call, in milliseconds; below 0 where only the script can tell, by Redis's clock. */
function blockMs(refused: CallUsage['refused']): number {
  if (!refused) return 0;
  if (refused.limit === 'outage') return refused.hung === true ? -4 : -3;
  if (refused.retryAfterMs !== undefined) return Math.min(MAX_BLOCK_MS, Math.max(1_000, refused.retryAfterMs));
  switch (refused.limit) {
    case 'concurrency':
      return CONCURRENCY_BLOCK_MS;
    case 'day':
      return -2;
    case 'minute':
    case 'app-minute':
      return -1;
  }
}

/** How long Xero wants to be left alone at least, if it is left alone because it fails; in milliseconds. */
function minBlockMs(refused: CallUsage['refused']): number {
  return refused?.limit === 'outage' ? Math.min(MAX_BLOCK_MS, refused.retryAfterMs ?? 0) : 0;
}
