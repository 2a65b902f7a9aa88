import type { ResourceCategory } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';
import type { XeroEvent } from '@xero-webhooks/webhook';

/** A resource as a list of Xero's has it. */
export type Change = {
  readonly resourceId: string;
  /** Its `UpdatedDateUTC`, in milliseconds since 1970. */
  readonly updatedAt: number;
  readonly resource: Readonly<Record<string, unknown>>;
};

/** Reads an item of a list. @returns nothing where it has no id or no date */
export function changesOf(category: ResourceCategory, items: readonly unknown[]): Change[] {
  return items.flatMap((item) => {
    const resource = item as Readonly<Record<string, unknown>>;
    const { [RESOURCE_KINDS[category].id]: id, UpdatedDateUTC: updated } = resource;
    if (typeof id !== 'string' || !(updated instanceof Date)) return [];
    return [{ resourceId: id.toLowerCase(), updatedAt: updated.getTime(), resource }];
  });
}

/**
 * The event of a change, as a webhook would have brought it. Nothing in Xero says whether a resource was created or updated
 * last, so each is an update.
 */
export function eventOf(
  tenantId: string,
  category: ResourceCategory,
  { resourceId, updatedAt, resource }: Change,
): XeroEvent {
  const { path } = RESOURCE_KINDS[category];
  const { Type, Status } = resource;
  return {
    resourceUrl: `https://api.xero.com/api.xro/2.0/${path}/${resourceId}`,
    resourceId,
    tenantId,
    tenantType: 'ORGANISATION',
    eventCategory: category.toUpperCase(),
    eventType: 'UPDATE',
    eventDateUtc: new Date(updatedAt).toISOString().slice(0, -1),
    // Xero sends it with all but the two oldest categories.
    ...(category !== 'invoice' && category !== 'contact' && { data: { Type, Status } }),
  };
}
