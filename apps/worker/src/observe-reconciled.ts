import type { Backfill, BackfillList } from '@xero-webhooks/backfill';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { counterOf } from '@xero-webhooks/runtime';

/** Organisations that have series of their own: labels must be bounded. */
const NAMED = 50;

/** Says how much the webhook missed, of each list that was reconciled: in the log and in the metrics. */
export function createObserveReconciled(log: Log, metrics: Metrics) {
  const changes = counterOf(metrics, 'xw_reconciled_changes_total');
  const missed = counterOf(metrics, 'xw_reconciled_missed_total');
  const named = new Set<string>();

  return function observe({ id, kind }: Pick<Backfill, 'id' | 'kind'>, list: BackfillList): void {
    if (kind === 'backfill' || list.read === 0) return;
    const { tenantId, category, read, added } = list;
    changes.inc({ category }, read);
    if (added === 0) return;
    if (named.size < NAMED) named.add(tenantId);
    missed.inc({ category, tenant: named.has(tenantId) ? tenantId : 'other' }, added);
    log.warn(
      { run: id, tenantId, category, missed: added, changes: read },
      'the webhook missed changes: they are handled now',
    );
  };
}
