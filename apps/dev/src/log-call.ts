import type { Log } from '@xero-webhooks/runtime';
import type { LoggedCall } from '@xero-webhooks/fake-xero';

/**
 * Logs a call to the fake Xero in one short line: method and path, how many resources it named, and the status. The rest
 * of the query is left out, because it can contain secrets.
 */
export function logCall(log: Pick<Log, 'info' | 'warn'>, { method, path, query, status }: LoggedCall): void {
  const ids = new URLSearchParams(query).get('IDs');
  const fields = { ...(ids && { ids: ids.split(',').length }), status: status ?? 'none' };
  log[status !== undefined && status < 400 ? 'info' : 'warn'](fields, `${method} ${path}`);
}
