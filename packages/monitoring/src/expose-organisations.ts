import type { Metrics } from '@xero-webhooks/runtime';
import { gaugeOf } from '@xero-webhooks/runtime';
import type { ApiUsage } from '@xero-webhooks/xero';
import type { OrganisationState } from './organisation-states.ts';

/** Organisations that have series of their own: labels must be bounded. */
const NAMED = 20;

/** What is known of the organisations; `undefined` where another process watches. */
export type ShowOrganisations = (seen: OrganisationsSeen | undefined) => void;

export type OrganisationsSeen = {
  readonly states: readonly OrganisationState[];
  /** Of today, those with the most calls first. */
  readonly usage: readonly ApiUsage[];
};

/** Only the process that watches for all shows these: there can be thousands to read. */
export function exposeOrganisations(metrics: Metrics): ShowOrganisations {
  const organisations = gaugeOf(metrics, 'xw_organisations');
  const calls = gaugeOf(metrics, 'xw_xero_tenant_calls_today');
  const bytes = gaugeOf(metrics, 'xw_xero_tenant_bytes_today');
  const left = gaugeOf(metrics, 'xw_xero_tenant_calls_left_today');
  return (seen) => {
    for (const gauge of [organisations, calls, bytes, left]) gauge.reset();
    if (!seen) return;
    for (const state of ['connected', 'disconnected', 'parked', 'unused'] as const) {
      organisations.set({ state }, seen.states.filter((one) => one.state === state).length);
    }
    for (const { tenantId: tenant, ...use } of seen.usage.slice(0, NAMED)) {
      calls.set({ tenant }, use.calls);
      bytes.set({ tenant }, use.bytes);
      if (use.left !== undefined) left.set({ tenant }, use.left);
    }
    const rest = seen.usage.slice(NAMED);
    if (rest.length === 0) return;
    calls.set(
      { tenant: 'other' },
      rest.reduce((sum, use) => sum + use.calls, 0),
    );
    bytes.set(
      { tenant: 'other' },
      rest.reduce((sum, use) => sum + use.bytes, 0),
    );
  };
}
