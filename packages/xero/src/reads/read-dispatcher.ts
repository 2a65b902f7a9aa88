import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { Log } from '@xero-webhooks/runtime';
import type { CallResult, XeroApi } from '../api/api.ts';
import { CALL_TIMEOUT_MS } from '../api/api.ts';
import type { Budget, BudgetRefusal, CallUsage, Permit } from '../budget/budget.ts';
import { UNSENT } from '../budget/budget.ts';
import type { TokenAnswer, TokenSource } from '@xero-webhooks/xero-auth';
import { XeroError } from '../xero-error.ts';
import type { Waiter } from './waiter.ts';
import { createWakeup } from './wakeup.ts';
import type { RefusedReads, ReadTarget } from './refused-reads.ts';
import type { Waiters, Removed } from './read-queue.ts';
import { createReadQueue, MAX_IDS } from './read-queue.ts';
import type { Occupancy } from './occupancy.ts';
import type { Cause } from './parking.ts';
import { createParking } from './parking.ts';
import type { PendingCall } from './pending-call.ts';
import type { ReadObserver } from './read-observer.ts';
import type { PoisonedResources } from './poisoned-resources.ts';

export type ReadDispatcherOptions = {
  tenantId: string;
  api: XeroApi;
  budget: Budget;
  tokens: TokenSource;
  /** How many worker processes share the organisation's limits. */
  workers: () => number;
  occupancy: () => Occupancy;
  /** How many asks wait for their turn in this process, of all organisations. */
  waiting: () => number;
  /** What Xero takes no token for, whatever its age. */
  refused: RefusedReads;
  /** What fails calls for many. */
  poisoned: PoisonedResources;
  observer: ReadObserver;
  log: Log;
  /** How long a call that failed waits until it is made again, each time, in milliseconds. @defaultValue 200, then 1000 */
  failureWaitsMs?: readonly number[];
  /** When a call that is under way hangs, as far as can be told, in milliseconds. @defaultValue 5000 */
  hungMs?: number;
};

/** The reads of one organisation in this process. */
export type ReadDispatcher = {
  /** Adds a call to the line. */
  add(call: PendingCall): void;
  /** Adds somebody to those who read many resources of a category with one call. */
  join(category: ResourceCategory, id: string, waiter: Waiter): void;
  /** How many calls for one resource wait for their turn. */
  readonly single: number;
  /** Gives somebody who waits for their turn a time to come back. */
  park(waiter: Waiter, many: boolean): void;
  /** Whether nothing waits and nothing is under way. */
  readonly idle: boolean;
};

/** How long a call for many waits for more to ask, in milliseconds: after the last who did, and in all. */
const LINGER = { perEvent: 5, min: 15, max: 60, inAll: 300 };

/** Who has to wait for longer is put off, in milliseconds: they keep a place at which others could be at work. */
const SHORT_WAIT_MS = 2_000;

/**
 * Where all calls at once are taken, or a token takes its time, for longer than this, half of the places are left to
 * others; in milliseconds.
 */
const CONTENTION_PATIENCE_MS = 1_000;

/** While other processes have all of the calls at once, this one looks again after this, in milliseconds. */
const CONCURRENCY_RETRY_MS = { min: 20, max: 80 };

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
export function createReadDispatcher(options: ReadDispatcherOptions): ReadDispatcher {
  const { tenantId, api, budget, tokens, observer, log, failureWaitsMs = FAILURE_WAITS_MS, hungMs = HUNG_MS } = options;
  const queue = createReadQueue(tenantId);
  const { park, parkOne } = createParking(options);
  /** Rings when somebody asks, and when a call of this process is over. */
  const added = createWakeup();
  const freed = createWakeup();
  /** Calls that have been under way for long. */
  const hung = new Set<PendingCall>();
  let running = false;
  let underWay = 0;
  let contendedSince = Infinity;
  let warnedAt = -Infinity;

  function start(): void {
    if (running) return added.wake();
    running = true;
    void run()
      .catch((error: unknown) => rejectAll(asError(error)))
      .finally(() => {
        running = false;
        if (!queue.empty) start();
      });
  }

  async function run(): Promise<void> {
    while (!queue.empty) {
      await linger();
      await setRefusedAside();
      if (hung.size > 0) await parkExcess(HUNG_WAIT_MS, SLOW);
      if (queue.empty) return;
      const token = await tokenInTime();
      if (token.outcome === 'none') {
        await park(queue.takeAll(), token.retryMs, { limit: 'token', reason: token.reason });
        continue;
      }
      const permit = await budget.acquire(tenantId);
      if (!permit.granted) {
        await waitOrPark(permit);
        continue;
      }
      contendedSince = Infinity;
      // The token and the permit have taken their time.
      await setRefusedAside();
      const call = queue.take(permit.probe ? 1 : MAX_IDS);
      if (!call) {
        await permit.release(UNSENT);
        continue;
      }
      const carried = carryOut(call, token.accessToken, permit).catch((error: unknown) =>
        rejectWith(call, asError(error)),
      );
      // Whether Xero works again is known in a moment, or the others are put off.
      if (permit.probe) await Promise.race([carried, sleep(CONTENTION_PATIENCE_MS)]);
    }
  }

  /** A token that takes its time is waited for, but not by more than half of the places at which events are at work. */
  async function tokenInTime(): Promise<TokenAnswer> {
    const token = tokens.tokenOf(tenantId, { signal: NEVER });
    for (;;) {
      const given = await Promise.race([token, sleep(CONTENTION_PATIENCE_MS)]);
      if (given) return given;
      const reason = 'the access token of this organisation is being waited for';
      await parkExcess(CONTENTION_PATIENCE_MS, { limit: 'token', reason });
    }
  }

  /** Lets a call for many wait for those who are about to ask, the longer the more events are at work. */
  async function linger(): Promise<void> {
    const until = performance.now() + LINGER.inAll;
    while ((queue.joinedAtHead ?? MAX_IDS) < MAX_IDS && performance.now() < until) {
      const { active, capacity } = options.occupancy();
      // Everybody who could ask has added.
      if (active >= capacity && options.waiting() >= active) return;
      const quietMs = Math.min(LINGER.max, Math.max(LINGER.min, active * LINGER.perEvent));
      if ((await added.wait(quietMs)) === 'timeout') return;
    }
  }

  /** Waits where that is short, and puts everybody off where it is not. */
  async function waitOrPark({ limit, waitMs }: BudgetRefusal): Promise<void> {
    if (limit === 'redis' || limit === 'concurrency') {
      contendedSince = Math.min(contendedSince, performance.now());
      if (performance.now() - contendedSince > CONTENTION_PATIENCE_MS)
        await parkExcess(CONTENTION_PATIENCE_MS, causeOf(limit));
      const { min, max } = CONCURRENCY_RETRY_MS;
      const pauseMs = limit === 'redis' ? waitMs : Math.min(waitMs, min + Math.random() * (max - min));
      await freed.wait(pauseMs);
    } else if (waitMs <= SHORT_WAIT_MS) {
      await parkExcess(waitMs, causeOf(limit));
      await sleep(waitMs);
    } else {
      await park(queue.takeAll(), waitMs, causeOf(limit));
    }
  }

  async function carryOut(call: PendingCall, accessToken: string, permit: Permit): Promise<void> {
    underWay++;
    options.refused.begin(targetOf(call));
    const waiters = call.waiters();
    for (const waiter of waiters) waiter.resume();
    const abandoned = new AbortController();
    // Where nobody waits any more, the call is of no use.
    void Promise.all(waiters.map(({ end }) => end)).then(() => abandoned.abort());
    const slow = setTimeout(() => {
      hung.add(call);
      void parkExcess(HUNG_WAIT_MS, SLOW).catch((error: unknown) => rejectWith(call, asError(error)));
    }, hungMs);
    const result = reinterpret404(call, await api.call(call.call, accessToken, abandoned.signal));
    clearTimeout(slow);
    observer.called({ status: result.status, bytes: result.bytes, resources: waiters.length, many: call.many });
    const late = result.outcome === 'transient' && (result.late === true || (result.status === 0 && hung.has(call)));
    const isLast = result.outcome === 'transient' && (late || permit.probe || isLastTry(call, result.error));
    // One that was given up because nobody waited any more says nothing of Xero, but that it was slow.
    const tellsAboutXero = late || result.status !== 0 || !abandoned.signal.aborted;
    const refused = isLast && tellsAboutXero ? outageOf(result.error, late) : limitOf(result);
    hung.delete(call);
    await permit.release({
      end: result.over ? 'over' : 'unknown',
      bytes: result.bytes,
      left: result.left,
      // Xero works where it says what is wrong with a read.
      answered: result.outcome === 'answered' || result.outcome === 'failed',
      target: call.target,
      ...(refused ? { refused } : {}),
    });
    underWay--;
    freed.wake();

    switch (result.outcome) {
      case 'answered':
        options.refused.forget(targetOf(call));
        answer(call, result.value);
        break;
      case 'too-many':
        warn(
          { limit: result.limit, retryAfterMs: result.retryAfterMs },
          'Xero answered 429: others use its limits too',
        );
        requeue(call);
        break;
      case 'unauthorised':
        await renewToken(call, accessToken, result.error);
        break;
      case 'forbidden':
        await forbid(call, result.error);
        break;
      case 'transient':
        if (isBlocked(result.error)) warn({ code: result.error.code, alert: 'xero-blocked' }, result.error.message);
        if (!isLast) requeueLater(call, result.error);
        // None of the resources of a call for many is at fault.
        else if (late || wantsLong(result.error) || isBlocked(result.error)) rejectWith(call, result.error);
        else await splitOrReject(call, result.error);
        break;
      case 'failed':
        if (result.error.status === 400) await splitOrReject(call, result.error);
        else rejectWith(call, result.error);
    }
    start();
  }

  /**
   * A token may have expired, or been taken back: another one is tried, once. What Xero refuses with that too is refused for
   * another reason, such as a scope that is missing, which is no concern of the organisation's other reads.
   */
  async function renewToken(call: PendingCall, refusedToken: string, error: XeroError): Promise<void> {
    if (!call.refreshed && !options.refused.has(targetOf(call))) {
      call.refreshed = true;
      const token = await tokens.tokenOf(tenantId, { rejected: refusedToken, signal: NEVER });
      if (token.outcome === 'token' || token.code !== 'XW_XERO_UNAUTHORISED') return requeue(call);
    }
    await forbid(call, error);
  }

  /** What Xero takes no token for waits without a call, until one of them has found out that it works again. */
  async function setRefusedAside(): Promise<void> {
    const out = queue.remove((path, target) => options.refused.refusal({ tenantId, path, target }));
    await Promise.all(out.map(({ because: { error, waitMs }, ...taken }) => refuse(taken, error, waitMs)));
  }

  function targetOf({ call, target }: PendingCall): ReadTarget {
    return { tenantId, path: call.path, target };
  }

  /**
   * One of the resources of a call for many may be at fault: then the others are read without it. What it costs has a bound;
   * who is left over then comes back, and does not meet those again that were found.
   */
  async function splitOrReject(call: PendingCall, error: XeroError): Promise<void> {
    const split = call.split();
    if (split.length === 0) {
      for (const id of call.ids) options.poisoned.add(tenantId, id);
      return rejectWith(call, error);
    }
    if (call.splits.left === 0) return park(waitersOf(call.waiters(), call.many), UNDECIDED_WAIT_MS, UNDECIDED);
    call.splits.left--;
    for (const part of split) {
      part.failures = call.failures;
      requeue(part);
    }
  }

  /** Whether a call that fails is not made again. */
  function isLastTry(call: PendingCall, error: XeroError): boolean {
    const isReadTarget = call.waiters().some(({ settled }) => !settled);
    return call.failures >= failureWaitsMs.length || wantsLong(error) || !isReadTarget;
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

  function requeue(call: PendingCall): void {
    for (const waiter of call.waiters()) waiter.pause();
    queue.add(call, 'first');
    start();
  }

  function requeueLater(call: PendingCall, { retryAfterMs = 0 }: XeroError): void {
    underWay++;
    const waitMs = failureWaitsMs[call.failures++]! * (0.75 + Math.random() / 2);
    setTimeout(
      () => {
        underWay--;
        requeue(call);
      },
      Math.max(waitMs, retryAfterMs),
    );
  }

  function rejectWith(call: PendingCall, error: Error): void {
    for (const waiter of call.waiters()) waiter.reject(error);
  }

  function rejectAll(error: Error): void {
    const { many, one } = queue.takeAll();
    for (const waiter of [...many, ...one]) waiter.reject(error);
  }

  /** Xero takes no token for this: the event's own read waits for somebody to mend that. */
  async function forbid(call: PendingCall, error: XeroError): Promise<void> {
    const waitMs = options.refused.add(targetOf(call), error);
    if (call.onTokenRefused === 'park') {
      const fields = { code: error.code, status: error.status, path: call.call.path, alert: 'xero-unauthorised' };
      warn(fields, `${error.message}: the organisation is disconnected, or a scope is missing`);
    }
    await refuse({ ...call, waiters: call.waiters() }, error, waitMs);
  }

  async function refuse(
    { many, onTokenRefused, waiters }: Pick<Removed, 'many' | 'onTokenRefused' | 'waiters'>,
    error: XeroError,
    waitMs: number,
  ): Promise<void> {
    if (onTokenRefused === 'throw') for (const waiter of waiters) waiter.reject(error);
    else await park(waitersOf(waiters, many), waitMs, { limit: 'token', reason: error.message });
  }

  /** Puts off those who would keep more than half of the places at which events are at work; calls that hang keep some. */
  async function parkExcess(waitMs: number, cause: Cause): Promise<void> {
    let places = Math.ceil(options.occupancy().capacity / 2);
    const excess: Waiters[] = [];
    for (const call of hung) {
      const waiters = call.waiters().filter(({ settled }) => !settled);
      excess.push(waitersOf(waiters.slice(places), call.many));
      places = Math.max(0, places - waiters.length);
    }
    excess.push(queue.allBut(places));
    await Promise.all(excess.map((waiters) => park(waiters, waitMs, cause)));
  }

  /** One line a minute at most: what goes wrong for one call goes wrong for many. */
  function warn(fields: object, message: string): void {
    if (performance.now() - warnedAt < 60_000) return;
    warnedAt = performance.now();
    log.warn({ tenantId, ...fields }, message);
  }

  return {
    add(call) {
      for (const waiter of call.waiters()) waiter.pause();
      queue.add(call, 'last');
      start();
    },
    join(category, id, waiter) {
      queue.join(category, id, waiter);
      waiter.pause();
      start();
    },
    get single() {
      return queue.single;
    },
    park(waiter, many) {
      void parkOne(waiter, many).catch((error: unknown) => waiter.reject(asError(error)));
    },
    get idle() {
      return !running && queue.empty && underWay === 0;
    },
  };
}

/**
 * What an answer means for a call: that Xero does not know the address of a list says nothing of the resources that were
 * asked for in it.
 */
function reinterpret404(call: PendingCall, result: CallResult): CallResult {
  if (!call.many || result.outcome !== 'failed' || result.error.status !== 404) return result;
  const { message, status, correlationId, retryAfterMs } = result.error;
  const error = new XeroError('XW_XERO_REFUSED', message, { status, correlationId, retryAfterMs });
  return { ...result, outcome: 'transient', error };
}

function isBlocked({ code }: XeroError): boolean {
  return code === 'XW_XERO_BLOCKED';
}

function limitOf(result: CallResult): CallUsage['refused'] {
  return result.outcome === 'too-many' ? result : undefined;
}

/** Where Xero fails again and again, calls would only use up the day: the organisation is left alone for a while. */
function outageOf({ retryAfterMs }: XeroError, hung: boolean): CallUsage['refused'] {
  return { limit: 'outage', retryAfterMs, hung };
}

const NEVER = new AbortController().signal;

function causeOf(limit: string): Cause {
  if (limit === 'outage') return { limit, reason: 'Xero has failed again and again, and is left alone for a while' };
  return { limit, reason: `Xero's ${limit} limit leaves no call for this organisation` };
}

function waitersOf(waiters: readonly Waiter[], many: boolean): Waiters {
  return many ? { many: waiters, one: [] } : { many: [], one: waiters };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}
