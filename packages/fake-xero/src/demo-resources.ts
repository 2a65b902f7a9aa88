import { guidOf } from './guid.ts';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { Fields } from './resource-fields.ts';
import {
  contactFields,
  creditNoteFields,
  invoiceFields,
  overpaymentFields,
  paymentFields,
  prepaymentFields,
} from './resource-fields.ts';

const DAY_MS = 86_400_000;

export type DemoResource = { category: ResourceCategory; resourceId: string; time: number; fields: Fields };

/**
 * Makes what an organisation begins with: a handful of contacts, their invoices, and what was paid and credited. Their
 * ids are the same every time.
 *
 * @param now they were all made in the ten days before
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
  const [university, bayside, city, basket] = contacts.map(({ fields }) => ({
    ContactID: fields['ContactID'],
    Name: fields['Name'],
  }));

  type Words = Omit<Parameters<typeof invoiceFields>[0], 'resourceId' | 'number' | 'time'>;
  const invoice = (number: string, days: number, more: Words): DemoResource => {
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

  const other = (
    category: ResourceCategory,
    days: number,
    fields: (resourceId: string, time: number) => Fields,
  ): DemoResource => {
    const resourceId = idOf(category, 'first');
    return { category, resourceId, time: daysAgo(days), fields: fields(resourceId, daysAgo(days)) };
  };
  return [
    ...contacts,
    ...invoices,
    other('creditnote', 4, (id, time) => creditNoteFields(id, time, 'CN-0001', bayside!)),
    other('payment', 8, (id, time) => paymentFields(id, time, paid.fields)),
    other('prepayment', 6, (id, time) => prepaymentFields(id, time, 'PRE-0001', city!)),
    other('overpayment', 1, (id, time) => overpaymentFields(id, time, basket!)),
  ];
}
