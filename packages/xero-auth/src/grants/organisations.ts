import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';

/** An organisation that somebody has connected. */
export type Organisation = {
  /** In lower case. */
  readonly tenantId: string;
  readonly grantId: string;
  readonly name: string;
  /** Xero's id of the connection. */
  readonly connectionId: string;
  /** When it was connected first, in milliseconds since 1970. */
  readonly connectedAt: number;
};

/** Which organisation is read with which grant. Its functions throw what Redis throws. */
export type Organisations = {
  find(tenantId: string): Promise<Organisation | undefined>;
  /** All of them, by name. */
  list(): Promise<Organisation[]>;
  /** Has exactly these organisations point to a grant. */
  point(grantId: string, organisations: readonly Organisation[]): Promise<void>;
  /**
   * Removes an organisation, unless it is the last of its grant: of several that leave at the same time one stays, for whom
   * the grant can be revoked. `elsewhere`: it is gone, or was connected again.
   */
  leave(organisation: Organisation): Promise<'left' | 'last' | 'elsewhere'>;
  /** Removes an organisation, the last of its grant or not, unless it was connected again. */
  remove(organisation: Organisation): Promise<void>;
};

/** Makes the list of connected organisations, in one hash. */
export function createOrganisations(client: RedisClient, prefix: string): Organisations {
  const key = `${prefix}:xero:organisations`;
  const point = bindScript(client, new URL('point-to-grant.lua', import.meta.url));

  const leaveGrant = bindScript(client, new URL('leave-grant.lua', import.meta.url));

  const take = async ({ tenantId, grantId, connectionId }: Organisation, leaves: 'others' | 'any'): Promise<unknown> =>
    leaveGrant([key], [tenantId.toLowerCase(), mark({ grantId }), mark({ connectionId }), leaves]);

  return {
    async find(tenantId) {
      const field = tenantId.toLowerCase();
      const record = await client.hget(key, field);
      return record === null ? undefined : read(field, record);
    },
    async list() {
      const records = Object.entries(await client.hgetall(key));
      return records
        .map(([tenantId, record]) => read(tenantId, record))
        .toSorted((one, other) => one.name.localeCompare(other.name) || one.tenantId.localeCompare(other.tenantId));
    },
    async point(grantId, organisations) {
      const flat = organisations.flatMap(({ tenantId, ...record }) => [
        tenantId.toLowerCase(),
        JSON.stringify({ ...record, grantId }),
      ]);
      await point([key], [grantId, ...flat]);
    },
    async leave(organisation) {
      const answer = await take(organisation, 'others');
      if (answer === 1) return 'left';
      return answer === 2 ? 'last' : 'elsewhere';
    },
    async remove(organisation) {
      await take(organisation, 'any');
    },
  };
}

/** How a field stands in a record. Inside another field's text its quotes would have backslashes before them. */
function mark(field: Record<string, string>): string {
  return JSON.stringify(field).slice(1, -1);
}

function read(tenantId: string, record: string): Organisation {
  return { ...(JSON.parse(record) as Omit<Organisation, 'tenantId'>), tenantId };
}
