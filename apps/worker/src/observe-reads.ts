import type { Metrics } from '@xero-webhooks/runtime';
import { Counter, Histogram } from '@xero-webhooks/runtime';
import type { ReadObserver } from '@xero-webhooks/xero';

/** Makes the observer of reads from Xero: their metrics. What each organisation uses is counted in Redis. */
export function createObserveReads(metrics: Metrics): ReadObserver {
  const registers = [metrics];
  const calls = new Counter({
    name: 'xw_xero_calls_total',
    help: 'Calls to Xero, by the status that was answered; 0 where there was no answer',
    labelNames: ['status'],
    registers,
  });
  const bytes = new Counter({ name: 'xw_xero_response_bytes_total', help: 'Bytes that Xero has answered', registers });
  const shared = new Histogram({
    name: 'xw_xero_resources_per_call',
    help: 'How many resources were read with one call for many',
    buckets: [1, 2, 5, 10, 20, 30, 40, 50],
    registers,
  });
  const parked = new Counter({
    name: 'xw_xero_parked_total',
    help: 'Reads that were put off, by the limit that left no call',
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
