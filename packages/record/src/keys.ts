/** The keys of one organisation's records: all in one slot of a Cluster, the one of its ledgers and locks. */
export type TenantKeys = {
  /** One event's record (string). */
  readonly record: (jobId: string) => string;
  /** Its events by when they were received (sorted set, scores in milliseconds since 1970). */
  readonly times: string;
  /** `<resource>:<job>` of each of its events (sorted set, all scores 0, so that they sort by text). */
  readonly resources: string;
  /** Those of its events that are not settled, scored as in `times` (sorted set). */
  readonly open: string;
};

/** @param tenantId in any case */
export function tenantKeys(prefix: string, tenantId: string): TenantKeys {
  const root = `${prefix}:{${tenantId.toLowerCase()}}:r`;
  return {
    record: (jobId) => `${root}:${jobId}`,
    times: `${root}-times`,
    resources: `${root}-resources`,
    open: `${root}-open`,
  };
}

/** The four keys in the order in which the scripts take them. */
export function noteKeys(prefix: string, tenantId: string, jobId: string): [string, string, string, string] {
  const keys = tenantKeys(prefix, tenantId);
  return [keys.record(jobId), keys.times, keys.resources, keys.open];
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
