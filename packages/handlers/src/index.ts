export type { AccessTokenProvider, BroughtToken } from './access-token.ts';
export { createCalls } from './calls.ts';
export type { Calls } from './calls.ts';
export { checkEventName, eventNameRemedy } from './check-event-name.ts';
export type { EventNameCheck } from './check-event-name.ts';
export { isDateField } from './date-fields.ts';
export type { DateField, Dates } from './date-fields.ts';
export type {
  CheckedName,
  Cleanup,
  Context,
  EventName,
  EventSource,
  ForwardOptions,
  Handler,
  HandlerLog,
  HandlerOptions,
  NamedEvent,
  On,
  Register,
} from './handler.ts';
export { createXeroClient } from './create-xero-client.ts';
export type { Forwarder, Message, Sent } from './forwarder.ts';
export { createHandlerLog } from './handler-log.ts';
export { HandlersError } from './handlers-error.ts';
export { HANDLER_EXTENSIONS, loadHandlerModule } from './load-module.ts';
export type { HandlerModule } from './load-module.ts';
export { createRegistry } from './registry.ts';
export type { RegisteredHandler, Registry } from './registry.ts';
export { isResourceCategory, READ_SCOPES, RESOURCE_CATEGORIES, RESOURCE_KINDS } from '@xero-webhooks/webhook';
export type { ResourceCategory, ResourceKind } from '@xero-webhooks/webhook';
export type {
  Allocation,
  Contact,
  ContactReference,
  CreditNote,
  Invoice,
  InvoiceReference,
  LineItem,
  Overpayment,
  Payment,
  Prepayment,
  ResourceOf,
  ResourceOfCategory,
  ResourceOfPath,
  UnknownResource,
} from './resource.ts';
export { retryAfterMs } from './retry-after.ts';
export { runHandler } from './run-handler.ts';
export type { HandlerOutcome, RunHandlerOptions } from './run-handler.ts';
export type { ListPage, Read, ReadOptions, XeroAccess } from './xero-access.ts';
export type { ListOptions, XeroClient } from './xero-client.ts';
