import { CodedError } from '@xero-webhooks/runtime';
import { findExecutable } from '@xero-webhooks/local-redis';
import { sendWithAutocannon } from './autocannon.ts';
import type { RequestFile } from './requests.ts';
import { sendWithWrk } from './wrk.ts';

/** What a phase of load came to. Latencies are in milliseconds. */
export type Load = {
  /** How many were answered. */
  readonly requests: number;
  /** How many were sent, in the order of the file. */
  readonly sent: number;
  /** Those of the sent ones, counted from 0, that may have been on their way when the load ended. */
  readonly unanswered: readonly number[];
  /** Answered in a second, until the last answer. */
  readonly perSecond: number;
  /** Answered with anything but 2xx, and not answered at all. */
  readonly refused: number;
  readonly broken: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
};

export type LoadWords = {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Which requests of the file it may send. */
  readonly from: number;
  readonly count: number;
  /** Whether it may send them more than once: where nobody tells one from another. */
  readonly again: boolean;
};

/** What makes the load. */
export type LoadTool = 'wrk' | 'autocannon';

/** Sends requests, and tells what came of them. */
export type SendLoad = (requests: RequestFile, words: LoadWords, signal: AbortSignal) => Promise<Load>;

/**
 * Finds what can make load on this machine: `wrk` where it is installed, unless another is wanted, else autocannon, which
 * is always there.
 *
 * @throws CodedError `XW_BENCH_TOOL` where `wrk` is wanted and not installed
 */
export function findLoadTool(wanted: LoadTool | undefined): { name: LoadTool; send: SendLoad } {
  const wrk = wanted === 'autocannon' ? undefined : findExecutable('wrk', process.env['PATH'] ?? '');
  if (wrk !== undefined) {
    return { name: 'wrk', send: (requests, words, signal) => sendWithWrk(wrk, requests, words, signal) };
  }
  if (wanted === 'wrk') {
    throw new CodedError(
      'XW_BENCH_TOOL',
      'there is no wrk on PATH to make load with: apt-get install wrk, brew install wrk, or leave --load out',
    );
  }
  return { name: 'autocannon', send: sendWithAutocannon };
}
