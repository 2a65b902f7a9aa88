import type { ListOptions, ListPage } from '@xero-webhooks/handlers';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';
import { XeroError } from '../xero-error.ts';

type Query = Readonly<Record<string, string | number | boolean>>;

/** Where the accounting API is. */
export const API_ROOT = '/api.xro/2.0/';

/** Words with slashes between them: nothing that leads to another host, out of the API or to other parameters. */
const PATH = /^[A-Za-z0-9_-][A-Za-z0-9._~%-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._~%-]*)*$/;

/**
 * Completes the path of a handler's own call.
 *
 * @throws XeroError `XW_XERO_PATH` where it is none
 */
export function apiPath(path: unknown): string {
  const below = typeof path === 'string' ? path.replace(/^\/?(?:api\.xro\/2\.0\/)?/, '') : '';
  if (PATH.test(below)) return API_ROOT + below;
  const shown = typeof path === 'string' ? `"${path.slice(0, 100)}"` : `a value of type ${typeof path}`;
  throw new XeroError('XW_XERO_PATH', `${shown} is no path below ${API_ROOT}; expected one such as Organisation`);
}

/** Writes parameters as they go into an address. */
export function queryText(query: Query): string {
  const parameters = Object.entries(query).map(([name, value]) => [name, String(value)]);
  // Xero's filters know no plus sign for a space.
  return new URLSearchParams(parameters).toString().replaceAll('+', '%20');
}

/** The parameters and headers of one page of a list. */
export function pageAddress(
  number: number,
  { modifiedSince, where, order, pageSize, query }: ListOptions,
): { query: string; headers: Record<string, string> } {
  const parameters: Query = {
    ...query,
    ...(where === undefined ? {} : { where }),
    ...(order === undefined ? {} : { order }),
    ...(pageSize === undefined ? {} : { pageSize }),
    page: number,
  };
  // Xero's own form, UTC without a zone.
  const since = modifiedSince?.toISOString().slice(0, 19);
  return { query: queryText(parameters), headers: since === undefined ? {} : { 'if-modified-since': since } };
}

const PAGED_KINDS = Object.values(RESOURCE_KINDS).filter(({ paged }) => paged);

/** The lists that have pages; any other comes whole, whatever page is asked for. */
const PAGED = new Set([
  ...PAGED_KINDS.map(({ path }) => path.toLowerCase()),
  'banktransactions',
  'linkedtransactions',
  'manualjournals',
  'purchaseorders',
  'quotes',
]);

const DEFAULT_PAGE_SIZE = 100;

/** Takes the items of a page out of an answer, and tells whether another page can have more. */
export function readPage(
  path: string,
  value: unknown,
  number: number,
  { pageSize = DEFAULT_PAGE_SIZE }: ListOptions,
): ListPage {
  const name = path.split('/').at(-1)!;
  const fields = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const list = fields[name] ?? Object.values(fields).find((field) => Array.isArray(field));
  // What has not changed since is answered with nothing at all (304).
  const items = Array.isArray(list) ? (list as unknown[]) : [];
  const { pageCount: pages, itemCount: total } = (fields['pagination'] ?? {}) as Readonly<Record<string, unknown>>;
  const more = typeof pages === 'number' ? number < pages : PAGED.has(name.toLowerCase()) && items.length >= pageSize;
  return { items, more: more && items.length > 0, ...(typeof total === 'number' && { total }) };
}
