import type { Tenant } from './tenants.ts';

/**
 * Those of all organisations that can be read: the connected ones. Where none is connected, as with tokens from elsewhere,
 * all that are known.
 */
export function readableTenants(tenants: readonly Tenant[]): readonly Tenant[] {
  const connected = tenants.filter((tenant) => tenant.connected !== undefined);
  if (connected.length === 0) return tenants;
  return connected.filter(({ connected: access }) => access?.token === 'live' || access?.token === 'unchecked');
}
