import { guidOf } from './guid.ts';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import { RESOURCE_CATEGORIES } from '@xero-webhooks/handlers';
import type { Fields } from './resource-fields.ts';
import { contactFields, invoiceFields } from './resource-fields.ts';
import { SAMPLES } from './samples.ts';

const DAY_MS = 86_400_000;

export type DemoResource = { category: ResourceCategory; resourceId: string; time: number; fields: Fields };

/**
 * What an organisation begins with: a handful of contacts, their invoices, and one of each other kind. Ids are the same
 * every time.
 *
 * @param now all were created in the ten days before
 */
export function demoResources(tenantId: string, now: number): readonly DemoResource[] {
  const idOf = (category: ResourceCategory, name: string): string => guidOf(tenantId, category, name);
  const daysAgo = (days: number): number => now - days * DAY_MS;

  const contacts = ['Ridgeway University', 'Bayside Club', 'City Agency', 'Basket Case', 'Marine Systems'].map(
    (name): DemoResource => {
      const resourceId = idOf('contact', name);
      return { category: 'contact', resourceId, time: daysAgo(10), fields: contactFields(resourceId, name) };
    },
  );
  const references = contacts.map(({ fields: { ContactID, Name } }) => ({ ContactID, Name }));
  const [university, bayside, city, basket] = references;

  type InvoiceOptions = Omit<Parameters<typeof invoiceFields>[0], 'resourceId' | 'number' | 'time'>;
  const invoice = (number: string, days: number, more: InvoiceOptions): DemoResource => {
    const resourceId = idOf('invoice', number);
    const time = daysAgo(days);
    return { category: 'invoice', resourceId, time, fields: invoiceFields({ resourceId, number, time, ...more }) };
  };
  const training = { description: 'Half-day training: Microsoft Office', quantity: 1, unitAmount: 500 };
  const support = { description: 'Desktop and network support by e-mail and phone', quantity: 4, unitAmount: 125 };
  const paid = invoice('INV-0001', 9, {
    contact: university!,
    lines: [training],
    status: 'PAID',
    reference: 'P/O 9711',
  });
  const invoices = [
    paid,
    invoice('INV-0002', 7, { contact: bayside!, lines: [support], reference: 'GB1-White' }),
    invoice('INV-0003', 5, { contact: city!, lines: [training, support], reference: 'Project workshop' }),
    invoice('INV-0004', 3, { contact: basket!, lines: [support], status: 'DRAFT' }),
    invoice('INV-0005', 2, { contact: university!, lines: [training], status: 'SUBMITTED' }),
  ];

  // One of each kind that has none yet.
  const there = new Set<ResourceCategory>([...contacts, ...invoices].map(({ category }) => category));
  const others = RESOURCE_CATEGORIES.filter((category) => !there.has(category)).map((category, index): DemoResource => {
    const resourceId = idOf(category, 'first');
    const time = daysAgo(8 - (index % 8));
    const contact = references[index % references.length]!;
    const fields = SAMPLES[category].create({ resourceId, time, count: 1, contact, invoice: paid.fields });
    return { category, resourceId, time, fields };
  });
  return [...contacts, ...invoices, ...others];
}
