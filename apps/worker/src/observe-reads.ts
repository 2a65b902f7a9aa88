import type { Metrics } from '@xero-webhooks/runtime';
import { counterOf, histogramOf } from '@xero-webhooks/runtime';
import type { ReadObserver } from '@xero-webhooks/xero';

/** Metrics of reads from Xero. What each organisation uses of its limits is counted in Redis. */
export function createObserveReads(metrics: Metrics): ReadObserver {
  const calls = counterOf(metrics, 'xw_xero_calls_total');
  const bytes = counterOf(metrics, 'xw_xero_response_bytes_total');
  const shared = histogramOf(metrics, 'xw_xero_resources_per_call');
  const parked = counterOf(metrics, 'xw_xero_parked_total');
  return {
    called(call) {
      calls.inc({ status: String(call.status) });
      bytes.inc(call.bytes);
      if (call.many) shared.observe(call.resources);
    },
    parked: (limit, count) => parked.inc({ limit }, count),
  };
}
