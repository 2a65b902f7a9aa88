import { doublingWait } from './doubling-wait.ts';

export type RetryPolicy = {
  /** How often a handler may fail before it is given up. */
  readonly attempts: number;
  /** The wait after the first failure, in milliseconds. It doubles with each failure. */
  readonly baseMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
};

/** The largest part of a wait that chance takes away, so that jobs that failed together do not come back together. */
const JITTER = 0.2;

/**
 * The wait after a failure: exponential, jittered, capped.
 *
 * @param failures how often the handler has failed, from 1
 * @param random a number from 0 to 1
 * @returns milliseconds
 */
export function backoffMs(
  { baseMs, maxMs }: Omit<RetryPolicy, 'attempts'>,
  failures: number,
  random: number = Math.random(),
): number {
  const whole = doublingWait({ first: baseMs, max: maxMs }, failures - 1);
  return Math.round(whole * (1 - JITTER * random));
}
