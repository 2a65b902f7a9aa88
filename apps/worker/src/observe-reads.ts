import type { Metrics } from '@xero-webhooks/runtime';
import { Counter, Histogram } from '@xero-webhooks/runtime';
import type { ReadObserver } from '@xero-webhooks/xero';

/** Metrics of reads from Xero. What each organisation uses of its limits is counted in Redis. */
export function createObserveReads(metrics: Metrics): ReadObserver {
  const registers = [metrics];
  const calls = new Counter({
    name: 'xw_xero_calls_total',
    help: 'Calls to Xero, by status of the answer; 0 without an answer',
    labelNames: ['status'],
    registers,
  });
  const bytes = new Counter({ name: 'xw_xero_response_bytes_total', help: 'Bytes that Xero has sent', registers });
  const shared = new Histogram({
    name: 'xw_xero_resources_per_call',
    help: 'Resources read by one batch call',
    buckets: [1, 2, 5, 10, 20, 30, 40, 50],
    registers,
  });
  const parked = new Counter({
    name: 'xw_xero_parked_total',
    help: 'Reads whose handler was parked, by the limit that was used up',
    labelNames: ['limit'],
    registers,
  });
  return {
    called(call) {
      calls.inc({ status: String(call.status) });
      bytes.inc(call.bytes);
      if (call.many) shared.observe(call.resources);
    },
    parked: (limit, count) => parked.inc({ limit }, count),
  };
}
