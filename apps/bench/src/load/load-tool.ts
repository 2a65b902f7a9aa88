import { CodedError } from '@xero-webhooks/runtime';
import { findExecutable } from '@xero-webhooks/local-redis';
import { sendWithAutocannon } from './autocannon.ts';
import type { SendLoad } from './load.ts';
import { sendWithWrk } from './wrk.ts';

export type LoadTool = 'wrk' | 'autocannon';

/**
 * Picks `wrk` if it is installed and `wanted` does not say otherwise, else autocannon, which is always there.
 *
 * @throws CodedError `XW_BENCH_TOOL` if `wrk` is wanted but not installed
 */
export function findLoadTool(wanted: LoadTool | undefined): { name: LoadTool; send: SendLoad } {
  const wrk = wanted === 'autocannon' ? undefined : findExecutable('wrk', process.env['PATH'] ?? '');
  if (wrk !== undefined) {
    return { name: 'wrk', send: (requests, options, signal) => sendWithWrk(wrk, requests, options, signal) };
  }
  if (wanted === 'wrk') {
    throw new CodedError(
      'XW_BENCH_TOOL',
      'wrk is not on PATH. Install it (apt-get install wrk, brew install wrk), or leave out --load',
    );
  }
  return { name: 'autocannon', send: sendWithAutocannon };
}
