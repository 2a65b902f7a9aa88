import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';

export type Organisation = {
  /** In lower case. */
  readonly tenantId: string;
  readonly grantId: string;
  readonly name: string;
  /** Xero's id of the connection. */
  readonly connectionId: string;
  /** When it was first connected, in milliseconds since 1970. */
  readonly connectedAt: number;
};

/** Which organisation is read with which grant. The functions throw what Redis throws. */
export type Organisations = {
  find(tenantId: string): Promise<Organisation | undefined>;
  /** Sorted by name. */
  list(): Promise<Organisation[]>;
  /** Points exactly these organisations to a grant; others that pointed to it are removed. */
  point(grantId: string, organisations: readonly Organisation[]): Promise<void>;
  /**
   * Removes an organisation, unless it is the last of its grant: if several leave at the same time, one stays to revoke the
   * grant for. `elsewhere`: it is gone, or was reconnected.
   */
  leave(organisation: Organisation): Promise<'left' | 'last' | 'elsewhere'>;
  /** Removes an organisation, even the last of its grant, unless it was reconnected. */
  remove(organisation: Organisation): Promise<void>;
};

/** Kept in one hash in Redis. */
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

/** A field as it appears in a record. Within the text of another field its quotes would be escaped. */
function mark(field: Record<string, string>): string {
  return JSON.stringify(field).slice(1, -1);
}

function read(tenantId: string, record: string): Organisation {
  return { ...(JSON.parse(record) as Omit<Organisation, 'tenantId'>), tenantId };
}
