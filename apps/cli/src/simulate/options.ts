import { InvalidArgumentError } from 'commander';
import type { Override } from './override.ts';

/** Given instead of an event's name to run Xero's check of the endpoint. */
export const INTENT_TO_RECEIVE = 'intent-to-receive';

/** The fake Xero keeps all resources in memory, so larger simulations bypass it. */
export const MAX_BY_FAKE = 10_000;

/** The most events of one simulation. */
export const MAX_EVENTS = 1_000_000;

export type SimulateOptions = {
  readonly count?: number;
  readonly perRequest: number;
  readonly tenant?: string;
  readonly url?: string;
  readonly key?: string;
  readonly badSignature?: boolean;
  readonly repeat?: boolean;
  readonly override?: readonly Override[];
  readonly file?: string;
  /** Events a second. */
  readonly rate?: number;
  /** In milliseconds. */
  readonly duration?: number;
  /** How many of a hundred requests are sent twice. */
  readonly duplicates?: number;
  readonly json?: boolean;
};

/** Reads `50/s` or `300/m`, as events a second. */
export function rateOf(text: string): number {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(?:\/([sm]))?$/.exec(text) ?? [];
  const rate = Number(count) / (unit === 'm' ? 60 : 1);
  if (rate > 0 && rate <= 100_000) return rate;
  throw new InvalidArgumentError('It must be a rate such as 50/s or 300/m.');
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** Reads `30s`, `5m` or `1h`, as milliseconds. */
export function durationOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS_MS[unit ?? ''] ?? 0);
  if (ms > 0) return ms;
  throw new InvalidArgumentError('It must be a time such as 30s, 5m or 1h.');
}

/** Reads `5` or `5%`. */
export function percentOf(text: string): number {
  const percent = Number(text.replace(/%$/, ''));
  if (/^\d+(\.\d+)?%?$/.test(text) && percent <= 100) return percent;
  throw new InvalidArgumentError('It must be a percentage from 0 to 100.');
}
