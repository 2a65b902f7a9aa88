import { XeroError } from '@xero-webhooks/xero';

/** Whether asking Xero again comes to the same: the access does not include it, or Xero does not know it. */
export function isFinal(error: unknown): boolean {
  if (!(error instanceof XeroError)) return false;
  switch (error.code) {
    case 'XW_XERO_UNAUTHORISED':
    case 'XW_XERO_NOT_FOUND':
    case 'XW_XERO_PATH':
      return true;
    case 'XW_XERO_REFUSED':
      return error.status !== undefined && error.status < 500 && error.status !== 408;
    default:
      return false;
  }
}
