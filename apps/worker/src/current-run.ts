import { AsyncLocalStorage } from 'node:async_hooks';

/** The run of a handler that code belongs to, also code that nobody waits for any more. */
export type CurrentRun = { readonly jobId: string; readonly event: string; readonly handler: string };

/**
 * Knows which run of a handler the present code belongs to. What a handler opens and keeps, such as a pool of connections,
 * belongs to the run that opened it for good.
 */
export const currentRun = new AsyncLocalStorage<CurrentRun>();
