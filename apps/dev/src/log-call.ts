import type { Log } from '@xero-webhooks/runtime';
import type { LoggedCall } from '@xero-webhooks/fake-xero';

/**
 * Logs a call that the fake Xero has answered in one short line: what was called, how many resources it named, and the
 * status. Nothing else of its query, which can have what nobody ought to see.
 */
export function logCall(log: Pick<Log, 'info' | 'warn'>, { method, path, query, status }: LoggedCall): void {
  const ids = new URLSearchParams(query).get('IDs');
  const fields = { ...(ids && { ids: ids.split(',').length }), status: status ?? 'none' };
  log[status !== undefined && status < 400 ? 'info' : 'warn'](fields, `${method} ${path}`);
}
