import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findExecutable } from '@xero-webhooks/testing';
import { CodedError } from '@xero-webhooks/runtime';
import type { RequestFile } from './requests.ts';

/** What a phase of load came to. Latencies are in milliseconds. */
export type Load = {
  readonly requests: number;
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

const SCRIPT = new URL('load.lua', import.meta.url).pathname;
const run = promisify(execFile);

/**
 * Sends requests with `wrk` (https://github.com/wg/wrk), which is no bottleneck: it takes a third of the processor time
 * that the fastest receiver here does.
 *
 * @throws CodedError `XW_BENCH_TOOL` where it is not installed
 */
export async function sendLoad({ file }: RequestFile, words: LoadWords, signal: AbortSignal): Promise<Load> {
  const wrk = findExecutable('wrk', process.env['PATH'] ?? '');
  if (wrk === undefined) {
    throw new CodedError(
      'XW_BENCH_TOOL',
      'there is no wrk on PATH to make load with: apt-get install wrk, brew install wrk',
    );
  }
  const { url, connections, seconds, from, count, again } = words;
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', '-s', SCRIPT, url, '--'];
  const { stdout } = await run(wrk, [...args, file, String(from), String(count), again ? 'again' : 'once'], { signal });
  const [, text] = /^RESULT (.*)$/m.exec(stdout) ?? [];
  if (text === undefined) throw new Error(`wrk has broken off: ${stdout.trim().split('\n').at(-1) ?? ''}`);
  const result = JSON.parse(text) as Record<string, number>;
  const ms = (name: string): number => result[name]! / 1000;
  return {
    requests: result['requests']!,
    perSecond: result['requests']! / (result['microseconds']! / 1_000_000),
    refused: result['refused']!,
    broken: result['broken']!,
    p50: ms('p50'),
    p99: ms('p99'),
    p999: ms('p999'),
  };
}
