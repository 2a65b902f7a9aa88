import { doublingWait } from '@xero-webhooks/runtime';

export type RetryPolicy = {
  /** How often a handler may fail before its event is a dead letter. */
  readonly attempts: number;
  /** The wait after the first failure, in milliseconds. It doubles with each further one. */
  readonly baseMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
};

/** The part of a wait that chance may take away, so that what failed together does not come back together. */
const JITTER = 0.2;

/**
 * How long to wait after a failure: exponential, jittered, capped.
 *
 * @param failures how often the handler has failed by now, from 1
 * @param random a number from 0 to 1
 * @returns milliseconds
 */
export function backoffMs({ baseMs, maxMs }: RetryPolicy, failures: number, random: number = Math.random()): number {
  const whole = doublingWait({ first: baseMs, max: maxMs }, failures - 1);
  return Math.round(whole * (1 - JITTER * random));
}
