import { randomUUID } from 'node:crypto';
import { fixedWidthDate } from '@xero-webhooks/webhook';
import type { Answer } from './answer.ts';
import { empty, json, text } from './answer.ts';
import type { Call } from './call.ts';
import { jsonDate } from './json-date.ts';
import type { Fields } from './resource-fields.ts';
import type { ResourceCategory, ResourceKind } from '@xero-webhooks/handlers';
import { RESOURCE_CATEGORIES, RESOURCE_KINDS } from '@xero-webhooks/handlers';
import type { Resource, Resources } from './resources.ts';

const ROOT = '/api.xro/2.0/';
const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 1000;
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

/** Answers `GET /api.xro/2.0/{kind}` and `GET /api.xro/2.0/{kind}/{id}`. */
export function readResources(resources: Resources, call: Call, tenantId: string, now: number): Answer {
  const [path = '', resourceId, ...rest] = call.path.slice(ROOT.length).split('/');
  const category = RESOURCE_CATEGORIES.find((each) => RESOURCE_KINDS[each].path === path);
  if (!category || rest.length > 0) return notFound();
  if (call.method !== 'GET') return empty(405, { allow: 'GET' });
  const kind = RESOURCE_KINDS[category];
  if (resourceId !== undefined && resourceId !== '') {
    const found = resources.find(tenantId, category, resourceId);
    return found ? envelope(kind, [fieldsOf(found)], now) : notFound();
  }
  return readList(resources, call, tenantId, category, now);
}

function readList(resources: Resources, call: Call, tenantId: string, category: ResourceCategory, now: number): Answer {
  const kind = RESOURCE_KINDS[category];
  let found = resources.list(tenantId, category);

  const ids = call.query.get('IDs');
  // Other kinds do not have the parameter, and Xero ignores parameters that it does not know.
  if (kind.readsManyByIds && ids) {
    const wanted = new Set(ids.toLowerCase().split(','));
    const malformed = wanted.values().find((id) => !GUID.test(id));
    if (malformed !== undefined) return invalidId(malformed);
    found = found.filter(({ resourceId }) => wanted.has(resourceId));
  }
  const { archivedField } = kind;
  if (archivedField && call.query.get('includeArchived')?.toLowerCase() !== 'true') {
    found = found.filter(({ fields }) => fields[archivedField] !== 'ARCHIVED');
  }
  const since = timeOf(call.headers['if-modified-since']);
  if (since !== undefined) found = found.filter(({ updatedAt }) => updatedAt >= since);

  const page = call.query.get('page');
  if (!kind.paged || page === null) return envelope(kind, found.map(summaryOf), now);
  const number = wholeNumber(page);
  const size = wholeNumber(call.query.get('pageSize') ?? String(DEFAULT_PAGE_SIZE));
  if (number === undefined) return invalidQuery('page', 'a whole number from 1');
  if (size === undefined || size > MAX_PAGE_SIZE) return invalidQuery('pageSize', `from 1 to ${MAX_PAGE_SIZE}`);
  const shown = found.slice((number - 1) * size, number * size);
  const pagination = {
    page: number,
    pageSize: size,
    pageCount: Math.ceil(found.length / size),
    itemCount: found.length,
  };
  return envelope(kind, shown.map(fieldsOf), now, { pagination });
}

function envelope(kind: ResourceKind, list: readonly Fields[], now: number, more: Fields = {}): Answer {
  const head = { Id: randomUUID(), Status: 'OK', ProviderName: 'Fake Xero', DateTimeUTC: `/Date(${now})/` };
  return json(200, { ...head, ...more, [kind.path]: list });
}

function fieldsOf({ fields, updatedAt }: Resource): Fields {
  return { ...fields, UpdatedDateUTC: jsonDate(updatedAt) };
}

/** A list without pages leaves out the lines. */
function summaryOf(resource: Resource): Fields {
  const { LineItems: _left, ...summary } = fieldsOf(resource);
  return summary;
}

/** Plain text, as Xero answers it: https://github.com/XeroAPI/Xero-OpenAPI/issues/163. */
export function notFound(): Answer {
  return text(404, "The resource you're looking for cannot be found");
}

function invalidQuery(name: string, expected: string): Answer {
  const message = `${name} must be ${expected}`;
  return json(400, { ErrorNumber: 16, Type: 'QueryParseException', Message: message });
}

function invalidId(id: string): Answer {
  return json(400, {
    ErrorNumber: 10,
    Type: 'ValidationException',
    Message: 'A validation exception occurred',
    Elements: [{ ValidationErrors: [{ Message: `IDs: "${id}" is not a GUID` }] }],
  });
}

function wholeNumber(word: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(word) ? Number(word) : undefined;
}

/** Reads Xero's own format, which is in UTC without a zone, and the HTTP format. */
function timeOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const time = Date.parse(fixedWidthDate(header) ?? header);
  return Number.isNaN(time) ? undefined : time;
}
