import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { Log } from '@xero-webhooks/runtime';
import type { CallResult, XeroApi } from '../api/api.ts';
import { CALL_TIMEOUT_MS } from '../api/api.ts';
import type { Budget, BudgetRefusal, CallUse, Permit } from '../budget/budget.ts';
import { UNSENT } from '../budget/budget.ts';
import type { TokenAnswer, TokenSource } from '@xero-webhooks/xero-auth';
import { XeroError } from '../xero-error.ts';
import type { Ask } from './ask.ts';
import { createBell } from './bell.ts';
import type { Forbidden, Wanted } from './forbidden.ts';
import type { Asks, TakenOut } from './line.ts';
import { createLine, MOST_IDS } from './line.ts';
import type { Crowd } from './occupancy.ts';
import type { Cause } from './parking.ts';
import { createParking } from './parking.ts';
import type { PendingCall } from './pending-call.ts';
import type { ReadObserver } from './read-observer.ts';
import type { Spoilers } from './spoilers.ts';

export type OrganisationReadsOptions = {
  tenantId: string;
  api: XeroApi;
  budget: Budget;
  tokens: TokenSource;
  /** How many worker processes share the organisation's limits. */
  workers: () => number;
  crowd: () => Crowd;
  /** How many asks wait for their turn in this process, of all organisations. */
  waiting: () => number;
  /** What Xero takes no token for, whatever its age. */
  forbidden: Forbidden;
  /** What fails calls for many. */
  spoilers: Spoilers;
  observer: ReadObserver;
  log: Log;
  /** How long a call that failed waits until it is made again, each time, in milliseconds. @defaultValue 200, then 1000 */
  failureWaitsMs?: readonly number[];
  /** When a call that is under way hangs, as far as can be told, in milliseconds. @defaultValue 5000 */
  hungMs?: number;
};

/** The reads of one organisation in this process. */
export type OrganisationReads = {
  /** Adds a call to the line. */
  add(call: PendingCall): void;
  /** Adds somebody to those who read many resources of a category with one call. */
  join(category: ResourceCategory, id: string, ask: Ask): void;
  /** How many calls for one resource wait for their turn. */
  readonly single: number;
  /** Gives somebody who waits for their turn a time to come back. */
  park(ask: Ask, many: boolean): void;
  /** Whether nothing waits and nothing is under way. */
  readonly idle: boolean;
};

/** How long a call for many waits for more to ask, in milliseconds: after the last who did, and in all. */
const LINGER = { perEvent: 5, least: 15, most: 60, inAll: 300 };

/** Who has to wait for longer is put off, in milliseconds: they keep a place at which others could be at work. */
const SHORT_WAIT_MS = 2_000;

/**
 * Where all calls at once are taken, or a token takes its time, for longer than this, half of the places are left to
 * others; in milliseconds.
 */
const CROWD_PATIENCE_MS = 1_000;

/** While other processes have all of the calls at once, this one looks again after this, in milliseconds. */
const CONCURRENCY_RETRY_MS = { least: 20, most: 80 };

/** How long those wait for whom it is not known which of them is at fault, in milliseconds. */
const UNDECIDED_WAIT_MS = 5_000;

const UNDECIDED: Cause = { limit: 'undecided', reason: 'one of several resources keeps Xero from reading the others' };

/** A call that takes longer than this hangs, as far as can be told; in milliseconds. */
const HUNG_MS = 5_000;

/** Who leaves their place because of one that hangs comes back when it is known what has become of it; in milliseconds. */
const HUNG_WAIT_MS = CALL_TIMEOUT_MS - HUNG_MS;

const SLOW: Cause = { limit: 'slow', reason: 'Xero takes long to answer for this organisation' };

/** A call that fails for reasons that pass is made again after these, in milliseconds. */
const FAILURE_WAITS_MS = [200, 1_000];

/**
 * Makes the line of one organisation's reads. Whoever asks stands in it until there is a token and the budget lets a call
 * go; which resources a call for many is about is decided only then, so that it is sent after each of its events was taken.
 */
export function createOrganisationReads(options: OrganisationReadsOptions): OrganisationReads {
  const { tenantId, api, budget, tokens, observer, log, failureWaitsMs = FAILURE_WAITS_MS, hungMs = HUNG_MS } = options;
  const line = createLine(tenantId);
  const { park, parkOne } = createParking(options);
  /** Rings when somebody asks, and when a call of this process is over. */
  const asked = createBell();
  const freed = createBell();
  /** Calls that have been under way for long. */
  const hung = new Set<PendingCall>();
  let running = false;
  let underWay = 0;
  let crowdedSince = Infinity;
  let warnedAt = -Infinity;

  function start(): void {
    if (running) return asked.ring();
    running = true;
    void run()
      .catch((error: unknown) => rejectAll(asError(error)))
      .finally(() => {
        running = false;
        if (!line.empty) start();
      });
  }

  async function run(): Promise<void> {
    while (!line.empty) {
      await linger();
      await putForbiddenOff();
      if (hung.size > 0) await parkExcess(HUNG_WAIT_MS, SLOW);
      if (line.empty) return;
      const token = await tokenInTime();
      if (token.outcome === 'none') {
        await park(line.takeAll(), token.retryMs, { limit: 'token', reason: token.reason });
        continue;
      }
      const permit = await budget.acquire(tenantId);
      if (!permit.granted) {
        await stand(permit);
        continue;
      }
      crowdedSince = Infinity;
      // The token and the permit have taken their time.
      await putForbiddenOff();
      const call = line.take(permit.probe ? 1 : MOST_IDS);
      if (!call) {
        await permit.release(UNSENT);
        continue;
      }
      const carried = carryOut(call, token.accessToken, permit).catch((error: unknown) =>
        rejectWith(call, asError(error)),
      );
      // Whether Xero works again is known in a moment, or the others are put off.
      if (permit.probe) await Promise.race([carried, sleep(CROWD_PATIENCE_MS)]);
    }
  }

  /** A token that takes its time is waited for, but not by more than half of the places at which events are at work. */
  async function tokenInTime(): Promise<TokenAnswer> {
    const token = tokens.tokenOf(tenantId, { signal: NEVER });
    for (;;) {
      const given = await Promise.race([token, sleep(CROWD_PATIENCE_MS)]);
      if (given) return given;
      const reason = 'the access token of this organisation is being waited for';
      await parkExcess(CROWD_PATIENCE_MS, { limit: 'token', reason });
    }
  }

  /** Lets a call for many wait for those who are about to ask, the longer the more events are at work. */
  async function linger(): Promise<void> {
    const until = performance.now() + LINGER.inAll;
    while ((line.joinedAtHead ?? MOST_IDS) < MOST_IDS && performance.now() < until) {
      const { active, capacity } = options.crowd();
      // Everybody who could ask has asked.
      if (active >= capacity && options.waiting() >= active) return;
      const quietMs = Math.min(LINGER.most, Math.max(LINGER.least, active * LINGER.perEvent));
      if ((await asked.wait(quietMs)) === 'over') return;
    }
  }

  /** Waits where that is short, and puts everybody off where it is not. */
  async function stand({ limit, waitMs }: BudgetRefusal): Promise<void> {
    if (limit === 'redis' || limit === 'concurrency') {
      crowdedSince = Math.min(crowdedSince, performance.now());
      if (performance.now() - crowdedSince > CROWD_PATIENCE_MS) await parkExcess(CROWD_PATIENCE_MS, causeOf(limit));
      const { least, most } = CONCURRENCY_RETRY_MS;
      const pauseMs = limit === 'redis' ? waitMs : Math.min(waitMs, least + Math.random() * (most - least));
      await freed.wait(pauseMs);
    } else if (waitMs <= SHORT_WAIT_MS) {
      await parkExcess(waitMs, causeOf(limit));
      await sleep(waitMs);
    } else {
      await park(line.takeAll(), waitMs, causeOf(limit));
    }
  }

  async function carryOut(call: PendingCall, accessToken: string, permit: Permit): Promise<void> {
    underWay++;
    options.forbidden.begin(wantedBy(call));
    const asks = call.asks();
    for (const ask of asks) ask.go();
    const abandoned = new AbortController();
    // Where nobody waits any more, the call is of no use.
    void Promise.all(asks.map(({ end }) => end)).then(() => abandoned.abort());
    const slow = setTimeout(() => {
      hung.add(call);
      void parkExcess(HUNG_WAIT_MS, SLOW).catch((error: unknown) => rejectWith(call, asError(error)));
    }, hungMs);
    const result = meant(call, await api.call(call.call, accessToken, abandoned.signal));
    clearTimeout(slow);
    observer.called({ status: result.status, bytes: result.bytes, resources: asks.length, many: call.many });
    const late = result.outcome === 'transient' && (result.late === true || (result.status === 0 && hung.has(call)));
    const isLast = result.outcome === 'transient' && (late || permit.probe || isLastTry(call, result.error));
    // One that was given up because nobody waited any more says nothing of Xero, but that it was slow.
    const says = late || result.status !== 0 || !abandoned.signal.aborted;
    const refused = isLast && says ? outageOf(result.error, late) : limitOf(result);
    hung.delete(call);
    await permit.release({
      end: result.over ? 'over' : 'unknown',
      bytes: result.bytes,
      left: result.left,
      // Xero works where it says what is wrong with a read.
      answered: result.outcome === 'answered' || result.outcome === 'failed',
      what: call.what,
      ...(refused ? { refused } : {}),
    });
    underWay--;
    freed.ring();

    switch (result.outcome) {
      case 'answered':
        options.forbidden.forget(wantedBy(call));
        answer(call, result.value);
        break;
      case 'too-many':
        warn(
          { limit: result.limit, retryAfterMs: result.retryAfterMs },
          'Xero answered 429: others use its limits too',
        );
        again(call);
        break;
      case 'unauthorised':
        await renewToken(call, accessToken, result.error);
        break;
      case 'forbidden':
        await forbid(call, result.error);
        break;
      case 'transient':
        if (isBlocked(result.error)) warn({ code: result.error.code, alert: 'xero-blocked' }, result.error.message);
        if (!isLast) againLater(call, result.error);
        // None of the resources of a call for many is at fault.
        else if (late || wantsLong(result.error) || isBlocked(result.error)) rejectWith(call, result.error);
        else await halveOrReject(call, result.error);
        break;
      case 'failed':
        if (result.error.status === 400) await halveOrReject(call, result.error);
        else rejectWith(call, result.error);
    }
    start();
  }

  /**
   * A token may have expired, or been taken back: another one is tried, once. What Xero refuses with that too is refused for
   * another reason, such as a scope that is missing, which is no concern of the organisation's other reads.
   */
  async function renewToken(call: PendingCall, refused: string, error: XeroError): Promise<void> {
    if (!call.refreshed && !options.forbidden.has(wantedBy(call))) {
      call.refreshed = true;
      const token = await tokens.tokenOf(tenantId, { rejected: refused, signal: NEVER });
      if (token.outcome === 'token' || token.code !== 'XW_XERO_UNAUTHORISED') return again(call);
    }
    await forbid(call, error);
  }

  /** What Xero takes no token for waits without a call, until one of them has found out that it works again. */
  async function putForbiddenOff(): Promise<void> {
    const out = line.takeOut((path, what) => options.forbidden.refusal({ tenantId, path, what }));
    await Promise.all(out.map(({ because: { error, waitMs }, ...taken }) => refuse(taken, error, waitMs)));
  }

  function wantedBy({ call, what }: PendingCall): Wanted {
    return { tenantId, path: call.path, what };
  }

  /**
   * One of the resources of a call for many may be at fault: then the others are read without it. What it costs has a bound;
   * who is left over then comes back, and does not meet those again that were found.
   */
  async function halveOrReject(call: PendingCall, error: XeroError): Promise<void> {
    const halves = call.halves();
    if (halves.length === 0) {
      for (const id of call.ids) options.spoilers.add(tenantId, id);
      return rejectWith(call, error);
    }
    if (call.halvings.left === 0) return park(asksOf(call.asks(), call.many), UNDECIDED_WAIT_MS, UNDECIDED);
    call.halvings.left--;
    for (const half of halves) {
      half.failures = call.failures;
      again(half);
    }
  }

  /** Whether a call that fails is not made again. */
  function isLastTry(call: PendingCall, error: XeroError): boolean {
    const isWanted = call.asks().some(({ settled }) => !settled);
    return call.failures >= failureWaitsMs.length || wantsLong(error) || !isWanted;
  }

  /** Whether Xero wants more time than there is between the tries of a call. */
  function wantsLong({ retryAfterMs = 0 }: XeroError): boolean {
    return retryAfterMs > Math.max(...failureWaitsMs);
  }

  function answer(call: PendingCall, value: unknown): void {
    try {
      call.answer(value);
    } catch (error) {
      rejectWith(call, error as Error);
    }
  }

  function again(call: PendingCall): void {
    for (const ask of call.asks()) ask.wait();
    line.add(call, 'first');
    start();
  }

  function againLater(call: PendingCall, { retryAfterMs = 0 }: XeroError): void {
    underWay++;
    const waitMs = failureWaitsMs[call.failures++]! * (0.75 + Math.random() / 2);
    setTimeout(
      () => {
        underWay--;
        again(call);
      },
      Math.max(waitMs, retryAfterMs),
    );
  }

  function rejectWith(call: PendingCall, error: Error): void {
    for (const ask of call.asks()) ask.reject(error);
  }

  function rejectAll(error: Error): void {
    const { many, one } = line.takeAll();
    for (const ask of [...many, ...one]) ask.reject(error);
  }

  /** Xero takes no token for this: the event's own read waits for somebody to mend that. */
  async function forbid(call: PendingCall, error: XeroError): Promise<void> {
    const waitMs = options.forbidden.add(wantedBy(call), error);
    if (call.withoutToken === 'park') {
      const words = { code: error.code, status: error.status, path: call.call.path, alert: 'xero-unauthorised' };
      warn(words, `${error.message}: the organisation is disconnected, or a scope is missing`);
    }
    await refuse({ ...call, asks: call.asks() }, error, waitMs);
  }

  async function refuse(
    { many, withoutToken, asks }: Pick<TakenOut, 'many' | 'withoutToken' | 'asks'>,
    error: XeroError,
    waitMs: number,
  ): Promise<void> {
    if (withoutToken === 'throw') for (const ask of asks) ask.reject(error);
    else await park(asksOf(asks, many), waitMs, { limit: 'token', reason: error.message });
  }

  /** Puts off those who would keep more than half of the places at which events are at work; calls that hang keep some. */
  async function parkExcess(waitMs: number, cause: Cause): Promise<void> {
    let places = Math.ceil(options.crowd().capacity / 2);
    const excess: Asks[] = [];
    for (const call of hung) {
      const asks = call.asks().filter(({ settled }) => !settled);
      excess.push(asksOf(asks.slice(places), call.many));
      places = Math.max(0, places - asks.length);
    }
    excess.push(line.allBut(places));
    await Promise.all(excess.map((asks) => park(asks, waitMs, cause)));
  }

  /** One line a minute at most: what goes wrong for one call goes wrong for many. */
  function warn(fields: object, message: string): void {
    if (performance.now() - warnedAt < 60_000) return;
    warnedAt = performance.now();
    log.warn({ tenantId, ...fields }, message);
  }

  return {
    add(call) {
      for (const ask of call.asks()) ask.wait();
      line.add(call, 'last');
      start();
    },
    join(category, id, ask) {
      line.join(category, id, ask);
      ask.wait();
      start();
    },
    get single() {
      return line.single;
    },
    park(ask, many) {
      void parkOne(ask, many).catch((error: unknown) => ask.reject(asError(error)));
    },
    get idle() {
      return !running && line.empty && underWay === 0;
    },
  };
}

/**
 * What an answer means for a call: that Xero does not know the address of a list says nothing of the resources that were
 * asked for in it.
 */
function meant(call: PendingCall, result: CallResult): CallResult {
  if (!call.many || result.outcome !== 'failed' || result.error.status !== 404) return result;
  const { message, status, correlationId, retryAfterMs } = result.error;
  const error = new XeroError('XW_XERO_REFUSED', message, { status, correlationId, retryAfterMs });
  return { ...result, outcome: 'transient', error };
}

function isBlocked({ code }: XeroError): boolean {
  return code === 'XW_XERO_BLOCKED';
}

function limitOf(result: CallResult): CallUse['refused'] {
  return result.outcome === 'too-many' ? result : undefined;
}

/** Where Xero fails again and again, calls would only use up the day: the organisation is left alone for a while. */
function outageOf({ retryAfterMs }: XeroError, hung: boolean): CallUse['refused'] {
  return { limit: 'outage', retryAfterMs, hung };
}

const NEVER = new AbortController().signal;

function causeOf(limit: string): Cause {
  if (limit === 'outage') return { limit, reason: 'Xero has failed again and again, and is left alone for a while' };
  return { limit, reason: `Xero's ${limit} limit leaves no call for this organisation` };
}

function asksOf(asks: readonly Ask[], many: boolean): Asks {
  return many ? { many: asks, one: [] } : { many: [], one: asks };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
