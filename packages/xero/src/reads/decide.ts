import type { CallResult } from '../api/api.ts';
import type { CallUsage } from '../budget/budget.ts';
import { XeroError } from '../xero-error.ts';
import type { PendingCall } from './pending-call.ts';

/** What is known of a call that is over, beside its result. */
export type Facts = {
  /** It was the one call that finds out whether Xero works again. */
  readonly probe: boolean;
  /** It was under way for so long that it was taken for one that hangs. */
  readonly hung: boolean;
  /** It was given up because nobody waited any more. */
  readonly abandoned: boolean;
  /** Whether anybody still waits for it. */
  readonly wanted: boolean;
  /** How long a call waits before each of its further tries, in milliseconds. */
  readonly failureWaitsMs: readonly number[];
};

/** What follows from a call that is over. */
export type Decision =
  | { readonly next: 'answer'; readonly value: unknown }
  /** It is made again as soon as the budget lets it. */
  | { readonly next: 'requeue' }
  /** It is made again after a wait. */
  | { readonly next: 'retry'; readonly error: XeroError }
  /** It is made again with another token; a `refuse` where there is none that helps. */
  | { readonly next: 'renew-token'; readonly error: XeroError }
  /** Xero takes no token for it. */
  | { readonly next: 'refuse'; readonly error: XeroError }
  /** One of its resources may be at fault: it is made again in halves. */
  | { readonly next: 'split' }
  /** `poisoned`: its one resource fails whatever call it is read with. */
  | { readonly next: 'reject'; readonly error: XeroError; readonly poisoned: boolean }
  /** One of its resources is at fault, and finding out which costs too many calls. */
  | { readonly next: 'park' };

type Call = Pick<PendingCall, 'many' | 'ids' | 'failures' | 'refreshed' | 'splits'>;

/**
 * Decides what follows from a call. It changes nothing and knows no clock: what it depends on is in its arguments.
 *
 * @param renewedLately whether another token was tried in vain for this kind of read lately
 */
export function decide(call: Call, result: CallResult, facts: Facts & { renewedLately: boolean }): Decision {
  const meant = reinterpret404(call, result);
  switch (meant.outcome) {
    case 'answered':
      return { next: 'answer', value: meant.value };
    case 'too-many':
      return { next: 'requeue' };
    case 'unauthorised':
      // One that may have expired is replaced once; what Xero refuses after that it refuses for another reason.
      return { next: call.refreshed || facts.renewedLately ? 'refuse' : 'renew-token', error: meant.error };
    case 'forbidden':
      return { next: 'refuse', error: meant.error };
    case 'transient':
      if (!isLastTry(call, meant, facts)) return { next: 'retry', error: meant.error };
      if (isXeroAtFault(meant, facts)) return { next: 'reject', error: meant.error, poisoned: false };
      return findCulprit(call, meant.error);
    case 'failed':
      if (meant.error.status === 400) return findCulprit(call, meant.error);
      return { next: 'reject', error: meant.error, poisoned: false };
  }
}

/** What the budget is told of a call. */
export function usageOf(call: Call & Pick<PendingCall, 'target'>, result: CallResult, facts: Facts): CallUsage {
  const meant = reinterpret404(call, result);
  const refused = limitReported(call, meant, facts);
  return {
    end: meant.over ? 'over' : 'unknown',
    bytes: meant.bytes,
    left: meant.left,
    // Xero works where it says what is wrong with a read.
    answered: meant.outcome === 'answered' || meant.outcome === 'failed',
    target: call.target,
    ...(refused ? { refused } : {}),
  };
}

/** Where Xero fails again and again, calls would only use up the day: the organisation is left alone for a while. */
function limitReported(call: Call, result: CallResult, facts: Facts): CallUsage['refused'] {
  if (result.outcome === 'too-many') return result;
  if (result.outcome !== 'transient' || !isLastTry(call, result, facts)) return undefined;
  const late = isLate(result, facts);
  // A call that was given up tells nothing of Xero, but that it was slow.
  if (facts.abandoned && result.status === 0 && !late) return undefined;
  return { limit: 'outage', retryAfterMs: result.error.retryAfterMs, hung: late };
}

type Transient = Extract<CallResult, { outcome: 'transient' }>;

function isLastTry({ failures }: Call, result: Transient, facts: Facts): boolean {
  const { probe, wanted, failureWaitsMs } = facts;
  const hasMoreTries = failures < failureWaitsMs.length && !wantsLong(result.error, failureWaitsMs);
  return isLate(result, facts) || probe || !hasMoreTries || !wanted;
}

function isLate({ late, status }: Transient, { hung }: Facts): boolean {
  return late === true || (status === 0 && hung);
}

/** None of the resources of a call for many is at fault. */
function isXeroAtFault(result: Transient, facts: Facts): boolean {
  const { error } = result;
  return isLate(result, facts) || wantsLong(error, facts.failureWaitsMs) || error.code === 'XW_XERO_BLOCKED';
}

/** Whether Xero wants more time than there is between the tries of a call. */
function wantsLong({ retryAfterMs = 0 }: XeroError, failureWaitsMs: readonly number[]): boolean {
  return retryAfterMs > Math.max(...failureWaitsMs);
}

/**
 * One of several resources may be at fault: the others are read without it. What that costs has a bound; who is left over
 * comes back, and does not meet those again that were found.
 */
function findCulprit({ ids, splits }: Call, error: XeroError): Decision {
  if (ids.length < 2) return { next: 'reject', error, poisoned: ids.length === 1 };
  return splits.left > 0 ? { next: 'split' } : { next: 'park' };
}

/** That Xero does not know the address of a list says nothing of the resources that were asked for in it. */
function reinterpret404({ many }: Call, result: CallResult): CallResult {
  if (!many || result.outcome !== 'failed' || result.error.status !== 404) return result;
  const { message, status, correlationId, retryAfterMs } = result.error;
  const error = new XeroError('XW_XERO_REFUSED', message, { status, correlationId, retryAfterMs });
  return { ...result, outcome: 'transient', error };
}
