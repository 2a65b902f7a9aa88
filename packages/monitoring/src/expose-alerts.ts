import type { Metrics } from '@xero-webhooks/runtime';
import { gaugeOf } from '@xero-webhooks/runtime';
import { ALERT_NAMES } from './alerts/alerts.ts';
import type { OpenAlert } from './alerts/compare-alerts.ts';

/** Shows how many alerts of each name are open. Each part that is watched has names of its own. */
export function exposeAlerts(metrics: Metrics): (part: string) => (open: readonly OpenAlert[] | undefined) => void {
  const gauge = gaugeOf(metrics, 'xw_alerts_open');
  const parts = new Map<string, readonly OpenAlert[]>();
  return (part) =>
    (open = []) => {
      parts.set(part, open);
      const all = [...parts.values()].flat();
      gauge.reset();
      for (const alert of ALERT_NAMES) {
        const count = all.filter(({ name }) => name === alert).length;
        if (count > 0) gauge.set({ alert }, count);
      }
    };
}
