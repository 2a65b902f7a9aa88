import type { ListOptions } from './xero-client.ts';

/**
 * What a read comes to. `parked`: there is no budget or token now, and the handler is to run again in `delayMs`
 * milliseconds without using an attempt.
 */
export type Read<Value> =
  | { readonly outcome: 'read'; readonly value: Value }
  | { readonly outcome: 'parked'; readonly delayMs: number; readonly reason: string };

/** What whoever runs a handler tells a read of it. */
export type ReadOptions = {
  /** Aborted when the handler's result no longer counts. */
  readonly signal: AbortSignal;
  /** Called when the read begins to wait for budget; what it returns is called when that is over. */
  readonly onWait: () => () => void;
};

/**
 * Reads for one event, whichever handler asks. Each throws an error with a code where Xero does not answer as it should.
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

/** A part of a list, and whether there may be more. */
export type ListPage = { readonly items: readonly unknown[]; readonly more: boolean };
