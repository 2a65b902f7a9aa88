/**
 * Reading from Xero outside of handlers, with the tokens and within the limits of the workers.
 *
 * ```ts
 * const xero = await openXero();
 * for await (const invoice of xero.organisation(tenantId).list('Invoices', { where: 'Status=="AUTHORISED"' })) { … }
 * await xero.close();
 * ```
 */
export { openXero } from '@xero-webhooks/open-xero';
export type { OpenXeroOptions, Xero } from '@xero-webhooks/open-xero';
export type {
  AccessTokenProvider,
  BroughtToken,
  ListOptions,
  ResourceOfPath,
  UnknownResource,
  XeroClient,
} from '@xero-webhooks/handlers';
