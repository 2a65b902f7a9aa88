import { randomUUID } from 'node:crypto';
import { demoResources } from './demo-resources.ts';
import type { Fields } from './resource-fields.ts';
import { SAMPLES } from './samples.ts';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';

/** A change of one resource, made by hand. */
export type Change = {
  readonly category: ResourceCategory;
  /** @defaultValue the first organisation */
  readonly tenantId?: string;
  /** One that is not there yet is created. @defaultValue a new one */
  readonly resourceId?: string;
  /**
   * What it has from now on; its other fields stay. `UpdatedDateUTC` moves on by itself.
   *
   * @defaultValue of a new one nothing else; one that is there is edited in something that shows
   */
  readonly fields?: Fields;
  /** Whether the webhook tells of it. @defaultValue true */
  readonly notify?: boolean;
};

/** What a change came to. */
export type Changed = {
  readonly category: ResourceCategory;
  readonly tenantId: string;
  readonly resourceId: string;
  readonly type: 'CREATE' | 'UPDATE';
  /** Its `UpdatedDateUTC`, in milliseconds since 1970: later than that of any change before. */
  readonly updatedAt: number;
  readonly fields: Fields;
};

export type Resource = { readonly resourceId: string; readonly updatedAt: number; readonly fields: Fields };

export type Resources = ReturnType<typeof createResources>;

/**
 * Makes the organisations' books, with a handful of resources in each.
 *
 * Each function throws a RangeError where there is no such organisation.
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

  /** The oldest of a kind: each organisation begins with one. */
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

    /** All of a kind, those that changed longest ago first. */
    list: (tenantId: string, category: ResourceCategory): readonly Resource[] =>
      bookOf(tenantId, category)
        .values()
        .toArray()
        .toSorted((a, b) => a.updatedAt - b.updatedAt || (a.resourceId < b.resourceId ? -1 : 1)),

    change({ category, tenantId = tenantIds[0]!, resourceId = randomUUID(), fields }: Change): Changed {
      const book = bookOf(tenantId, category);
      const id = resourceId.toLowerCase();
      const before = book.get(id);
      // Two changes never have one date, or their events would be one event to who receives them.
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
