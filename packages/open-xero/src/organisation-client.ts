import { setTimeout as wait } from 'node:timers/promises';
import type { Read, XeroClient } from '@xero-webhooks/handlers';
import { createXeroClient } from '@xero-webhooks/handlers';
import type { XeroReader } from '@xero-webhooks/xero';
import { createAddressReads, MAX_PAUSE_MS } from '@xero-webhooks/xero';

/** Reads of one organisation that no event is behind: one that the limits do not allow waits until they do. */
export function organisationClient(reader: XeroReader, tenantId: string, signal: AbortSignal): XeroClient {
  const options = { signal, onWait: () => () => {} };
  // Each try waits for a short time only, so as not to keep others from their turn.
  const { get, page } = createAddressReads(reader, (readOptions) => ({
    tenantId,
    readOptions,
    patienceMs: MAX_PAUSE_MS,
  }));

  async function insist<Value>(attempt: () => Promise<Read<Value>>): Promise<Value> {
    for (;;) {
      const read = await attempt();
      if (read.outcome === 'read') return read.value;
      await wait(read.delayMs, undefined, { signal });
    }
  }

  return createXeroClient({
    get: (path, query) => insist(() => get(path, query, options)),
    page: (path, number, listOptions) => insist(() => page(path, number, listOptions, options)),
  });
}
