import type { SequenceHints } from '@xero-webhooks/queue';
import type { Metrics } from '@xero-webhooks/runtime';
import { counterOf } from '@xero-webhooks/runtime';

/** Counts what Xero's numbers hint at. */
export function countHints(metrics: Metrics): (hints: SequenceHints) => void {
  const counter = counterOf(metrics, 'xw_sequence_hints_total');
  return (hints) => {
    for (const [hint, count] of Object.entries(hints)) if (count > 0) counter.inc({ hint }, count);
  };
}
