import { randomUUID } from 'node:crypto';
import { demoResources } from './demo-resources.ts';
import type { Fields } from './resource-fields.ts';
import { SAMPLES } from './samples.ts';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';

/** A change of one resource. */
export type Change = {
  readonly category: ResourceCategory;
  /** @defaultValue the first organisation */
  readonly tenantId?: string;
  /** Created if it does not exist. @defaultValue a new id */
  readonly resourceId?: string;
  /**
   * Its new values; other fields stay. `UpdatedDateUTC` is set automatically.
   *
   * @defaultValue nothing for a new resource; an existing one gets a visible edit
   */
  readonly fields?: Fields;
  /** Whether to send a webhook. @defaultValue true */
  readonly notify?: boolean;
};

/** The result of a change. */
export type Changed = {
  readonly category: ResourceCategory;
  readonly tenantId: string;
  readonly resourceId: string;
  readonly type: 'CREATE' | 'UPDATE';
  /** Its `UpdatedDateUTC`, in milliseconds since 1970: later than that of any earlier change. */
  readonly updatedAt: number;
  readonly fields: Fields;
};

export type Resource = { readonly resourceId: string; readonly updatedAt: number; readonly fields: Fields };

export type Resources = ReturnType<typeof createResources>;

/** A resource as Xero sends it, of an organisation like the fake's. */
export function sampleResource(one: Required<Pick<Change, 'category' | 'tenantId' | 'resourceId'>>): Fields {
  return createResources(Date.now, [one.tenantId]).change(one).fields;
}

/**
 * The resources of all organisations, with a handful in each at first.
 *
 * The functions throw a RangeError if the organisation does not exist.
 */
export function createResources(now: () => number, tenantIds: readonly string[]) {
  const books = new Map<string, Map<string, Resource>>();
  let lastUpdate = 0;

  const bookOf = (tenantId: string, category: ResourceCategory): Map<string, Resource> => {
    if (!tenantIds.includes(tenantId)) throw new RangeError(`unknown organisation ${tenantId}`);
    const name = `${tenantId} ${category}`;
    const book = books.get(name) ?? new Map<string, Resource>();
    books.set(name, book);
    return book;
  };

  /** The oldest of a kind: each organisation has one from the start. */
  const firstOf = (tenantId: string, category: ResourceCategory): Fields =>
    bookOf(tenantId, category).values().next().value!.fields;

  for (const tenantId of tenantIds) {
    for (const { category, resourceId, time, fields } of demoResources(tenantId, now())) {
      bookOf(tenantId, category).set(resourceId, { resourceId, updatedAt: time, fields });
    }
  }

  return {
    find: (tenantId: string, category: ResourceCategory, resourceId: string): Resource | undefined =>
      bookOf(tenantId, category).get(resourceId.toLowerCase()),

    /** All of a kind, least recently changed first. */
    list: (tenantId: string, category: ResourceCategory): readonly Resource[] =>
      bookOf(tenantId, category)
        .values()
        .toArray()
        .toSorted((a, b) => a.updatedAt - b.updatedAt || (a.resourceId < b.resourceId ? -1 : 1)),

    change({ category, tenantId = tenantIds[0]!, resourceId = randomUUID(), fields }: Change): Changed {
      const book = bookOf(tenantId, category);
      const id = resourceId.toLowerCase();
      const before = book.get(id);
      // Two changes never have the same date, or a receiver would take their events for one.
      lastUpdate = Math.max(now(), lastUpdate + 1);
      const { create, edit } = SAMPLES[category];
      const { ContactID, Name } = firstOf(tenantId, 'contact');
      const others = { contact: { ContactID, Name }, invoice: firstOf(tenantId, 'invoice') };
      const base = before?.fields ?? create({ resourceId: id, time: lastUpdate, count: book.size + 1, ...others });
      const edits = fields ?? (before ? edit(before.fields, lastUpdate) : {});
      const after = { ...base, ...edits, [RESOURCE_KINDS[category].id]: id };
      book.set(id, { resourceId: id, updatedAt: lastUpdate, fields: after });
      const type = before ? 'UPDATE' : 'CREATE';
      return { category, tenantId, resourceId: id, type, updatedAt: lastUpdate, fields: after };
    },
  };
}
