import type { Log } from '@xero-webhooks/runtime';
import type { TokenSource } from '@xero-webhooks/xero-auth';
import type { CallResult, XeroApi } from '../api/api.ts';
import { CALL_TIMEOUT_MS } from '../api/api.ts';
import type { Permit } from '../budget/budget.ts';
import type { XeroError } from '../xero-error.ts';
import type { Decision } from './decide.ts';
import { decide, usageOf } from './decide.ts';
import type { FairShare } from './fair-share.ts';
import type { Cause, Parking } from './parking.ts';
import { waitersOf } from './parking.ts';
import type { PendingCall } from './pending-call.ts';
import { rejectWaiters } from './pending-call.ts';
import type { PoisonedResources } from './poisoned-resources.ts';
import type { ReadObserver, ReadTracing } from './read-observer.ts';
import type { ReadTarget, RefusedReads } from './refused-reads.ts';
import { asError } from './waiter.ts';

/** Carries out the calls of one organisation, and what follows from each. */
export type CallRunner = {
  /** Makes a call that the budget has let go. It never rejects: what goes wrong goes to those who wait for the call. */
  run(call: PendingCall, accessToken: string, permit: Permit): Promise<void>;
  /** Whether no call is under way, or waits until it is made again. */
  readonly idle: boolean;
};

export type CallRunnerOptions = {
  tenantId: string;
  api: XeroApi;
  tokens: TokenSource;
  /** What Xero takes no token for, whatever its age. */
  refused: RefusedReads;
  /** What fails calls for many. */
  poisoned: PoisonedResources;
  observer: Pick<ReadObserver, 'called'>;
  /** @defaultValue calls are not traced */
  tracing?: ReadTracing | undefined;
  log: Log;
  /** How long a call that failed waits until it is made again, each time, in milliseconds. @defaultValue 200, then 1000 */
  failureWaitsMs?: readonly number[];
  /** When a call that is under way hangs, as far as can be told, in milliseconds. @defaultValue 5000 */
  hungMs?: number;
};

type Ports = {
  fairShare: FairShare;
  parking: Parking;
  /** Puts a call at the head of the queue. */
  requeue: (call: PendingCall) => void;
  /** Called when a call is over, before what follows from it is done. */
  onOver: () => void;
};

/** How long those wait for whom it is not known which of them is at fault, in milliseconds. */
const UNDECIDED_WAIT_MS = 5_000;

const UNDECIDED: Cause = { limit: 'undecided', reason: 'one of several resources keeps Xero from reading the others' };

/** A call that takes longer than this hangs, as far as can be told; in milliseconds. */
const HUNG_MS = 5_000;

/** Who leaves their place because of a call that hangs comes back when it is known what has become of it; in milliseconds. */
export const HUNG_WAIT_MS = CALL_TIMEOUT_MS - HUNG_MS;

export const SLOW: Cause = { limit: 'slow', reason: 'Xero takes long to answer for this organisation' };

const FAILURE_WAITS_MS = [200, 1_000];

/** What goes wrong for one call goes wrong for many: one line in this time, in milliseconds. */
const QUIET_MS = 60_000;

export function createCallRunner(options: CallRunnerOptions, ports: Ports): CallRunner {
  const { tenantId, api, tokens, refused, poisoned, observer, tracing, log } = options;
  const { failureWaitsMs = FAILURE_WAITS_MS, hungMs = HUNG_MS } = options;
  const { fairShare, parking, requeue } = ports;
  let underWay = 0;
  let warnedAt = -Infinity;

  async function run(call: PendingCall, accessToken: string, permit: Permit): Promise<void> {
    refused.begin(targetOf(call));
    const { result, hung, abandoned } = await send(call, accessToken);
    const wanted = call.waiters().some(({ settled }) => !settled);
    const facts = { probe: permit.probe, hung, abandoned, wanted, failureWaitsMs };
    await permit.release(usageOf(call, result, facts));
    ports.onOver();
    warnOf(result);
    await carryOut(decide(call, result, { ...facts, renewedLately: refused.has(targetOf(call)) }), call, accessToken);
  }

  /** Makes the call, and watches whether it hangs and whether anybody still waits for it. */
  async function send(
    call: PendingCall,
    accessToken: string,
  ): Promise<{ result: CallResult; hung: boolean; abandoned: boolean }> {
    const waiters = call.waiters();
    for (const waiter of waiters) waiter.resume();
    const abandoned = new AbortController();
    void Promise.all(waiters.map(({ end }) => end)).then(() => abandoned.abort());
    const slow = setTimeout(() => {
      fairShare.hung.add(call);
      void fairShare.parkExcess(HUNG_WAIT_MS, SLOW).catch((error: unknown) => rejectWaiters(call, asError(error)));
    }, hungMs);
    const make = (): Promise<CallResult> => api.call(call.call, accessToken, abandoned.signal);
    const of = { method: 'GET', path: call.call.path, resources: waiters.length };
    const askers = waiters.map(({ asker }) => asker);
    const result = await (tracing ? tracing.call(of, askers, make) : make());
    clearTimeout(slow);
    observer.called({ status: result.status, bytes: result.bytes, resources: waiters.length, many: call.many });
    return { result, hung: fairShare.hung.delete(call), abandoned: abandoned.signal.aborted };
  }

  async function carryOut(decision: Decision, call: PendingCall, accessToken: string): Promise<void> {
    switch (decision.next) {
      case 'answer':
        refused.forget(targetOf(call));
        return call.answer(decision.value);
      case 'requeue':
        return requeue(call);
      case 'retry':
        return requeueLater(call, decision.error);
      case 'renew-token':
        return renewToken(call, accessToken, decision.error);
      case 'refuse':
        return refuse(call, decision.error);
      case 'split':
        call.splits.left--;
        for (const part of call.split()) requeue(Object.assign(part, { failures: call.failures }));
        return;
      case 'reject':
        if (decision.poisoned) for (const id of call.ids) poisoned.add(tenantId, id);
        return rejectWaiters(call, decision.error);
      case 'park':
        return parking.park(waitersOf(call.waiters(), call.many), UNDECIDED_WAIT_MS, UNDECIDED);
    }
  }

  function requeueLater(call: PendingCall, { retryAfterMs = 0 }: XeroError): void {
    const waitMs = failureWaitsMs[call.failures++]! * (0.75 + Math.random() / 2);
    underWay++;
    setTimeout(
      () => {
        underWay--;
        requeue(call);
      },
      Math.max(waitMs, retryAfterMs),
    );
  }

  async function renewToken(call: PendingCall, refusedToken: string, error: XeroError): Promise<void> {
    call.refreshed = true;
    const token = await tokens.tokenOf(tenantId, { rejected: refusedToken, signal: NEVER });
    if (token.outcome === 'token' || token.code !== 'XW_XERO_UNAUTHORISED') return requeue(call);
    await refuse(call, error);
  }

  /** Xero takes no token for this: the event's own read waits for somebody to mend that. */
  async function refuse(call: PendingCall, error: XeroError): Promise<void> {
    const waitMs = refused.add(targetOf(call), error);
    if (call.onTokenRefused === 'park') {
      const fields = { code: error.code, status: error.status, path: call.call.path, alert: 'xero-unauthorised' };
      warn(fields, `${error.message}: the organisation is disconnected, or a scope is missing`);
    }
    await parking.refuse({ ...call, waiters: call.waiters() }, error, waitMs);
  }

  function warnOf(result: CallResult): void {
    if (result.outcome === 'too-many') {
      const { limit, retryAfterMs } = result;
      warn({ limit, retryAfterMs }, 'Xero answered 429: others use its limits too');
    } else if (result.outcome === 'transient' && result.error.code === 'XW_XERO_BLOCKED') {
      warn({ code: result.error.code, alert: 'xero-blocked' }, result.error.message);
    }
  }

  function warn(fields: object, message: string): void {
    if (performance.now() - warnedAt < QUIET_MS) return;
    warnedAt = performance.now();
    log.warn({ tenantId, ...fields }, message);
  }

  function targetOf({ call, target }: PendingCall): ReadTarget {
    return { tenantId, path: call.path, target };
  }

  return {
    async run(call, accessToken, permit) {
      underWay++;
      try {
        await run(call, accessToken, permit);
      } catch (error) {
        rejectWaiters(call, asError(error));
      } finally {
        underWay--;
      }
    },
    get idle() {
      return underWay === 0;
    },
  };
}

const NEVER = new AbortController().signal;
