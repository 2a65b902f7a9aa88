/** The keys of one organisation's records: all in one slot of a Cluster, the one of its ledgers and locks. */
export type TenantKeys = {
  /** What all of them begin with: scripts get it, and make the others of it as it is done here. */
  readonly root: string;
  /** One event's record (string). */
  readonly record: (jobId: string) => string;
  /** The jobs of a resource's events, each with a line break behind it (string). */
  readonly resource: (resourceId: string) => string;
  /** Its events by when they were received (sorted set, scores in milliseconds since 1970). */
  readonly times: string;
  /** Those of its events that are not settled, scored as in `times` (sorted set). */
  readonly open: string;
};

/** @param tenantId in any case */
export function tenantKeys(prefix: string, tenantId: string): TenantKeys {
  const root = recordsRoot(prefix, tenantId);
  return {
    root,
    record: (jobId) => `${root}:${jobId}`,
    resource: (resourceId) => `${root}-of:${resourceId.toLowerCase()}`,
    times: `${root}-times`,
    open: `${root}-open`,
  };
}

/** What the keys of an organisation's records begin with. */
export function recordsRoot(prefix: string, tenantId: string): string {
  return `${prefix}:{${tenantId.toLowerCase()}}:r`;
}

/** Keys that belong to no organisation. */
export type CommonKeys = {
  /** Organisations that have records, by when they last had a new one (sorted set). */
  readonly tenants: string;
  /** Events that were enqueued and have no record of their own yet (stream). */
  readonly received: string;
  /** Held by the process that removes old records. */
  readonly sweep: string;
};

export function commonKeys(prefix: string): CommonKeys {
  const root = `${prefix}:{record}`;
  return { tenants: `${root}:tenants`, received: `${root}:received`, sweep: `${root}:sweep` };
}
