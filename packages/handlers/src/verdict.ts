import { boundedError, boundedText, describeValue, isErrorLike, MAX_MESSAGE } from '@xero-webhooks/bounded';

/** Thrown by `context.giveUp`. */
export class GaveUp extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'GaveUp';
  }
}

/** Thrown by `context.retryIn`. */
export class RetryLater extends Error {
  /** How long to wait, in milliseconds. */
  readonly delayMs: number;

  constructor(delayMs: number, reason: string) {
    super(reason);
    this.name = 'RetryLater';
    this.delayMs = delayMs;
  }
}

/** Thrown if a read has to wait for too long to keep the handler running. */
export class Parked extends RetryLater {
  constructor(delayMs: number, reason: string) {
    super(delayMs, reason);
    this.name = 'Parked';
  }
}

/**
 * What a handler asked for with `giveUp` or `retryIn`. It counts even if the handler catches what they throw. Giving up is
 * final; otherwise the last call counts.
 */
export type Verdict = {
  giveUp(reason: unknown): never;
  retryIn(ms: unknown, reason: unknown): never;
  /** Parks the handler because of a read that it made. */
  park(delayMs: number, reason: string): never;
  /** The call that counts, if there was any. */
  said(): GaveUp | RetryLater | undefined;
};

/** The longest wait that a handler may ask for, in milliseconds: a week, as long as a settled event is remembered. */
const MAX_DELAY_MS = 604_800_000;

/** In milliseconds, if a handler asks for something that is not a number, for example because a header was missing. */
const UNREADABLE_DELAY_MS = 60_000;

export function createVerdict(): Verdict {
  let last: GaveUp | RetryLater | undefined;
  return {
    giveUp(reason) {
      last = new GaveUp(describeReason(reason));
      throw last;
    },
    retryIn(ms, reason) {
      if (last instanceof GaveUp) throw last;
      last = new RetryLater(delayOf(ms), describeReason(reason));
      throw last;
    },
    park(delayMs, reason) {
      if (last instanceof GaveUp) throw last;
      last = new Parked(delayOf(delayMs), reason);
      throw last;
    },
    said: () => last,
  };
}

function delayOf(ms: unknown): number {
  const wanted = typeof ms === 'string' ? Number.parseFloat(ms) : ms;
  if (typeof wanted !== 'number' || Number.isNaN(wanted)) return UNREADABLE_DELAY_MS;
  return Math.min(Math.max(0, Math.ceil(wanted)), MAX_DELAY_MS);
}

function describeReason(reason: unknown): string {
  if (reason === undefined) return 'no reason given';
  if (typeof reason === 'string') return boundedText(reason, MAX_MESSAGE);
  return isErrorLike(reason) ? boundedError(reason).message : describeValue(reason);
}
