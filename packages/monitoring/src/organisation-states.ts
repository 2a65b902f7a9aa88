import type { Tenant } from '@xero-webhooks/operations';

/** How an organisation is, for operators. `detail` says why and until when; `undefined` where it is `connected`. */
export type OrganisationState = {
  readonly tenantId: string;
  readonly name: string | undefined;
  readonly state: 'connected' | 'disconnected' | 'parked' | 'unused';
  readonly detail: string | undefined;
};

const DAY_MS = 86_400_000;

/** Xero ends an access that was not used for 60 days; ten days before, somebody should know. */
const UNUSED_MS = 50 * DAY_MS;
const ENDS_MS = 60 * DAY_MS;

/** A wait that ends sooner is nothing to say of, in milliseconds. */
const PARKED_MS = 300_000;

export function organisationStates(tenants: readonly Tenant[], now: number): OrganisationState[] {
  return tenants.map(({ tenantId, name, connected, blocked }): OrganisationState => {
    const organisation = { tenantId, name };
    if (connected?.fault !== undefined) return { ...organisation, state: 'disconnected', detail: connected.fault };
    const unusedMs = connected?.renewedAt === undefined ? 0 : now - connected.renewedAt;
    if (unusedMs > UNUSED_MS) {
      const days = Math.max(0, Math.floor((ENDS_MS - unusedMs) / DAY_MS));
      return { ...organisation, state: 'unused', detail: `Xero ends the access in ${days} days` };
    }
    if (blocked && blocked.until - now > PARKED_MS) {
      const detail = `${whyBlocked(blocked.limit)} until ${new Date(blocked.until).toISOString().slice(0, 16)}Z`;
      return { ...organisation, state: 'parked', detail };
    }
    return { ...organisation, state: 'connected', detail: undefined };
  });
}

function whyBlocked(limit: NonNullable<Tenant['blocked']>['limit']): string {
  return limit === 'outage' ? 'Xero fails' : `its ${limit} limit is used up`;
}
