import type { QueueRedis } from '@xero-webhooks/queue';
import { listRecordedTenants } from '@xero-webhooks/record';
import type { BudgetState } from '@xero-webhooks/xero';
import { readBudgetState } from '@xero-webhooks/xero';
import type { ListedOrganisation } from '@xero-webhooks/xero-auth';
import { listOrganisations } from '@xero-webhooks/xero-auth';

/**
 * An organisation: its access, its last event, and how it stands within Xero's limits. `connected` is absent where it is not
 * connected on the connect page: its events came, or its tokens come from elsewhere. Times are in milliseconds since 1970.
 */
export type Tenant = BudgetState & {
  readonly tenantId: string;
  /** `undefined` where it is not known: events have no names. */
  readonly name: string | undefined;
  readonly connected: Pick<ListedOrganisation, 'connectedAt' | 'renewedAt' | 'token' | 'fault'> | undefined;
  readonly lastEventAt: number | undefined;
};

type Options = {
  /** TOKEN_ENCRYPTION_KEY; `undefined` where it is not known. */
  readonly encryptionKeys: readonly string[] | undefined;
  /** XERO_DAY_LIMIT and XERO_DAY_RESERVE. */
  readonly limits: { readonly perDay: number; readonly dayReserve: number };
  /** Organisations that need not be connected: those of a fake Xero. @defaultValue none */
  readonly fakes?: readonly { readonly tenantId: string; readonly name: string }[];
};

/** How many organisations Redis is asked about at once. */
const ASKED_AT_ONCE = 100;

/** Lists the organisations: those that are connected by name, then those of a fake Xero, then others by their last event. */
export async function listTenants(
  { client, prefix }: QueueRedis,
  { encryptionKeys, limits, fakes = [] }: Options,
): Promise<Tenant[]> {
  const now = Date.now();
  const connected = await listOrganisations(client, prefix, encryptionKeys);
  const lastEvents = new Map(await listRecordedTenants(client, prefix));
  const all = new Map<string, Pick<Tenant, 'tenantId' | 'name' | 'connected'>>();
  for (const { tenantId, name, ...access } of connected) all.set(tenantId, { tenantId, name, connected: access });
  const recorded = [...lastEvents.keys()].map((tenantId) => ({ tenantId, name: undefined }));
  for (const { tenantId, name } of [...fakes, ...recorded]) {
    if (!all.has(tenantId)) all.set(tenantId, { tenantId, name, connected: undefined });
  }
  const tenants: Tenant[] = [];
  const listed = [...all.values()];
  for (let at = 0; at < listed.length; at += ASKED_AT_ONCE) {
    const some = listed.slice(at, at + ASKED_AT_ONCE).map(async (tenant): Promise<Tenant> => {
      const state = await readBudgetState(client, prefix, tenant.tenantId, limits, now);
      return { ...tenant, lastEventAt: lastEvents.get(tenant.tenantId), ...state };
    });
    tenants.push(...(await Promise.all(some)));
  }
  return tenants;
}
