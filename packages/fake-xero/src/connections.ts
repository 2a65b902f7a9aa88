import { randomUUID } from 'node:crypto';
import type { FakeOrganisation } from './world.ts';

/** The connections of a user to an app. A custom connection has no user. */
export type Holder = { readonly clientId: string; readonly userId?: string };

/** An organisation that a user has connected to an app. */
export type Connection = {
  readonly id: string;
  readonly authEventId: string;
  readonly tenantId: string;
  readonly tenantType: 'ORGANISATION';
  readonly tenantName: string;
  /** Without a zone, with seven fraction digits, as Xero sends it. */
  readonly createdDateUtc: string;
  readonly updatedDateUtc: string;
};

export type Connections = ReturnType<typeof createConnections>;

export function createConnections(now: () => number, organisations: readonly FakeOrganisation[]) {
  const held = new Map<string, Connection[]>();
  const of = (holder: Holder): readonly Connection[] => held.get(nameOf(holder)) ?? [];

  return {
    of,

    covers: (holder: Holder, tenantId: string): boolean =>
      of(holder).some((connection) => connection.tenantId === tenantId),

    /** Adds to what the user has already connected. */
    add(holder: Holder, authEventId: string, tenantIds: readonly string[]): void {
      const stamp = `${new Date(now()).toISOString().slice(0, -1)}0000`;
      const list = [...of(holder)];
      for (const { tenantId, name } of organisations.filter((each) => tenantIds.includes(each.tenantId))) {
        const at = list.findIndex((connection) => connection.tenantId === tenantId);
        const before = list[at] ?? {
          id: randomUUID(),
          tenantId,
          tenantType: 'ORGANISATION' as const,
          tenantName: name,
          createdDateUtc: stamp,
        };
        list.splice(at === -1 ? list.length : at, 1, { ...before, authEventId, updatedDateUtc: stamp });
      }
      held.set(nameOf(holder), list);
    },

    /** @returns whether it existed */
    remove(holder: Holder, id: string): boolean {
      const list = of(holder);
      const kept = list.filter((connection) => connection.id !== id);
      held.set(nameOf(holder), kept);
      return kept.length < list.length;
    },

    removeAll(holder: Holder): void {
      held.delete(nameOf(holder));
    },
  };
}

function nameOf({ clientId, userId = '' }: Holder): string {
  return `${clientId} ${userId}`;
}
