/**
 * What handlers are written against: types alone, so that importing them is free.
 *
 * ```ts
 * import type { Register } from 'xero-webhooks/handlers';
 *
 * const register: Register = (on) => {
 *   on('invoice.updated', async function syncInvoice(event, context) {
 *     const invoice = await context.resource();
 *   });
 * };
 * export default register;
 * ```
 */
export type {
  AccessTokenProvider,
  Allocation,
  BroughtToken,
  CheckedName,
  Cleanup,
  Contact,
  ContactReference,
  Context,
  CreditNote,
  EventName,
  ForwardOptions,
  Handler,
  HandlerLog,
  HandlerOptions,
  Invoice,
  InvoiceReference,
  LineItem,
  ListOptions,
  NamedEvent,
  On,
  Overpayment,
  Payment,
  Prepayment,
  Register,
  ResourceOf,
  ResourceOfPath,
  UnknownResource,
  XeroClient,
} from '@xero-webhooks/handlers';
export type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';
