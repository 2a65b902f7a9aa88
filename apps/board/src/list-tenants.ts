import { fakeXeroAt } from '@xero-webhooks/fake-xero';
import type { Tenant } from '@xero-webhooks/operations';
import { listTenants } from '@xero-webhooks/operations';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { ConnectMode } from './connect/mode.ts';

type Options = {
  redis: QueueRedis;
  mode: ConnectMode;
  /** XERO_DAY_LIMIT and XERO_DAY_RESERVE. */
  limits: { readonly perDay: number; readonly dayReserve: number };
};

/** How long a page waits for the names that a fake Xero knows, in milliseconds. */
const FAKE_PATIENCE_MS = 1_000;

/** Makes the list of organisations that the pages show. In development, the fake ones are among them. */
export function createListTenants({ redis, mode, limits }: Options): () => Promise<Tenant[]> {
  const encryptionKeys = mode.mode === 'ready' ? mode.encryptionKeys : undefined;
  const fake = mode.mode === 'fake' ? fakeXeroAt(mode.url, FAKE_PATIENCE_MS) : undefined;
  return async () => {
    // Without an answer, the page still has those whose events came.
    const fakes = await fake?.organisations().catch(() => []);
    return listTenants(redis, { encryptionKeys, limits, ...(fakes && { fakes }) });
  };
}
