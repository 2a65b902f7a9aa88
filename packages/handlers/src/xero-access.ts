import type { ListOptions } from './xero-client.ts';

/**
 * `parked`: there is no API budget or token now, and the handler runs again in `delayMs` milliseconds without using an
 * attempt.
 */
export type Read<Value> =
  | { readonly outcome: 'read'; readonly value: Value }
  | { readonly outcome: 'parked'; readonly delayMs: number; readonly reason: string };

export type ReadOptions = {
  /** Aborted when the handler's result no longer counts. */
  readonly signal: AbortSignal;
  /** Called when the read begins to wait for budget; the returned function is called when the wait is over. */
  readonly onWait: () => () => void;
};

/**
 * Reads for one event, shared by its handlers. Each throws an error with a code if Xero does not answer as it should.
 */
export type XeroAccess = {
  /** The event's own resource: all handlers share one read. */
  resource(read: ReadOptions): Promise<Read<unknown>>;
  get(
    path: string,
    query: Readonly<Record<string, string | number | boolean>>,
    read: ReadOptions,
  ): Promise<Read<unknown>>;
  /** One page of a list, from 1. */
  page(path: string, number: number, options: ListOptions, read: ReadOptions): Promise<Read<ListPage>>;
};

/** A part of a list, and whether there may be more. `total`: how many the list has in all, where Xero says so. */
export type ListPage = { readonly items: readonly unknown[]; readonly more: boolean; readonly total?: number };
