import * as v from 'valibot';

const time = v.pipe(v.string(), v.isoTimestamp());

/**
 * What `xw tenants list --json` prints. An organisation without a name is not connected here: its events came, or its
 * tokens come from elsewhere.
 */
export const tenantsResult = v.strictObject({
  organisations: v.array(
    v.strictObject({
      tenantId: v.string(),
      name: v.nullable(v.string()),
      connectedAt: v.nullable(time),
      token: v.nullable(v.picklist(['live', 'dead', 'unreadable', 'absent', 'unchecked'])),
      fault: v.nullable(v.string()),
      lastEventAt: v.nullable(time),
      callsToday: v.number(),
      leftToday: v.nullable(v.number()),
      blockedUntil: v.nullable(time),
      blockedBy: v.nullable(v.string()),
    }),
  ),
});

/** What `xw tenants disconnect --json` prints. `told`: whether Xero was told; it is not where the access had ended. */
export const disconnectResult = v.strictObject({ tenantId: v.string(), name: v.string(), told: v.boolean() });

/**
 * What `xw tenants forget --json` prints. `active`: events that a worker has right now; `kept`: ids of bodies in quarantine
 * that speak of others too.
 */
export const forgetResult = v.variant('acted', [
  v.strictObject({ acted: v.literal(false), jobs: v.number(), records: v.number() }),
  v.strictObject({
    acted: v.literal(true),
    jobs: v.number(),
    active: v.number(),
    records: v.number(),
    keys: v.number(),
    bodies: v.number(),
    kept: v.pipe(v.array(v.string()), v.readonly()),
  }),
]);

export type TenantJson = v.InferOutput<typeof tenantsResult>['organisations'][number];
export type ForgetJson = v.InferOutput<typeof forgetResult>;
