import type { Read, ReadOptions, XeroAccess } from '@xero-webhooks/handlers';
import { isResourceCategory } from '@xero-webhooks/handlers';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { XeroError } from '../xero-error.ts';
import { apiPath, pageAddress, queryText, readPage } from './read-address.ts';
import type { XeroReader } from './reader.ts';
import type { SharedRead } from './shared-read.ts';
import { shareRead } from './shared-read.ts';

/**
 * How long one attempt may stand still in all while its reads wait for their turn, in milliseconds. The lock of its
 * resource lives longer by as much.
 */
export const MAX_PAUSE_MS = 10_000;

type Page = ReturnType<typeof readPage>;

/** Whose read it is, and how long it may wait. */
type Wanted = { tenantId: string; readOptions: ReadOptions; patienceMs: number };

/** Reads of an organisation by address. */
export function createAddressReads(
  reader: XeroReader,
  wanted: (options: ReadOptions) => Wanted,
): Pick<XeroAccess, 'get' | 'page'> {
  return {
    async get(path, query, options) {
      const { tenantId, ...how } = wanted(options);
      const call = { tenantId, path: apiPath(path), query: queryText(query) };
      return reader.one({ tenantId, ...how, call, pick: (value) => value });
    },
    async page(path, number, listOptions, options) {
      const { tenantId, ...how } = wanted(options);
      const call = { tenantId, path: apiPath(path), ...pageAddress(number, listOptions) };
      const pick = (value: unknown): Page => readPage(path, value, number, listOptions);
      return reader.one({ tenantId, ...how, call, pick }) as Promise<Read<Page>>;
    },
  };
}

/**
 * What the handlers of one event read with, while a worker has its job.
 *
 * @param copyOf what is known of the resource without a call, if it is as good as one; `undefined` if it is not.
 *   @defaultValue nothing is
 */
export function createEventAccess(reader: XeroReader, event: XeroEvent, copyOf?: () => Promise<unknown>): XeroAccess {
  const { tenantId, resourceId } = event;
  /** How long it has stood still in all, and since when it does: several reads at once stand still together. */
  let pausedMs = 0;
  let waits = 0;
  let since = 0;
  let shared: SharedRead | undefined;

  function timed({ signal, onWait }: ReadOptions): ReadOptions {
    return {
      signal,
      onWait() {
        if (waits++ === 0) since = performance.now();
        const resume = onWait();
        return () => {
          if (--waits === 0) pausedMs += performance.now() - since;
          resume();
        };
      },
    };
  }

  function wanted(options: ReadOptions): Wanted {
    const soFar = pausedMs + (waits > 0 ? performance.now() - since : 0);
    return { tenantId, readOptions: timed(options), patienceMs: Math.max(0, MAX_PAUSE_MS - soFar) };
  }

  const byAddress = createAddressReads(reader, wanted);

  async function readResource(options: ReadOptions): Promise<Read<unknown>> {
    const category = event.eventCategory.toLowerCase();
    const copy = copyOf && (await copyOf());
    if (copy !== undefined) return { outcome: 'read', value: copy };
    if (isResourceCategory(category)) return reader.resource({ ...wanted(options), category, id: resourceId });
    throw new XeroError(
      'XW_XERO_NO_RESOURCE',
      `a ${category} event has no resource that can be read; context.xero.get reads any address`,
    );
  }

  /** A list that is put off in the middle begins anew: one that never comes to its end must not do so for ever. */
  function finishable(read: Read<Page>, path: string, number: number): Read<Page> {
    // Not what is asked of the list: that can hold the time, which is another with each run.
    const list = JSON.stringify([tenantId, resourceId, event.eventType, event.eventDateUtc, path]);
    if (read.outcome === 'read' || number === 1 || !reader.unfinishedLists.add(list)) return read;
    throw new XeroError(
      'XW_XERO_LIST_UNFINISHED',
      `the list of ${path} was begun several times and put off on its way, at last at page ${number} (${read.reason}): ask for less of it with modifiedSince or where, or for larger pages`,
      { retryAfterMs: read.delayMs },
    );
  }

  return {
    async resource(options) {
      if (!shared || shared.abandoned) shared = shareRead(readResource);
      const mine = shared;
      try {
        return await mine.join(options);
      } catch (error) {
        // What went wrong for one read must not be what every later one comes to.
        if (shared === mine) shared = undefined;
        throw error;
      }
    },
    get: byAddress.get,
    page: async (path, number, listOptions, options) =>
      finishable(await byAddress.page(path, number, listOptions, options), path, number),
  };
}

/** What handlers get where nothing says how to read from Xero. */
export function createNoAccess(): XeroAccess {
  const refuse = async (): Promise<never> => {
    throw new XeroError(
      'XW_XERO_NOT_CONFIGURED',
      'nothing says where access tokens come from: export accessToken from the handler module, or set XERO_TOKEN_URL or XERO_CLIENT_ID',
    );
  };
  return { resource: refuse, get: refuse, page: refuse };
}
