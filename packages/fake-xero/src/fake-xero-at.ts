import type { ResourceCategory } from '@xero-webhooks/handlers';
import { CONTROL_ROOT } from './control-over-http.ts';
import type { Change } from './resources.ts';
import type { DeliveryAttempt, ToldChange, WebhookState, WebhookTarget } from './webhook.ts';
import type { FakeOrganisation } from './world.ts';

/** A part of `FakeXeroControls`, from another process. */
export type DistantFakeXero = {
  readonly url: string;
  readonly organisations: () => Promise<readonly FakeOrganisation[]>;
  readonly resourceIds: (category: ResourceCategory, tenantId: string) => Promise<readonly string[]>;
  readonly changeAll: (changes: readonly Change[], eventsPerPayload: number) => Promise<readonly ToldChange[]>;
  readonly firstAttempts: (first: number, last: number) => Promise<readonly DeliveryAttempt[]>;
  readonly webhookState: () => Promise<WebhookState>;
  readonly setWebhookTarget: (target: WebhookTarget) => Promise<void>;
};

/** In milliseconds. The fake is on this machine, but its webhook takes five seconds to notice that nothing answers. */
const PATIENCE_MS = 30_000;

/**
 * Controls the fake Xero of another process on this machine. Calls reject if it does not answer or reports an error.
 *
 * @param url the `url` of the fake
 * @param patienceMs how long to wait for an answer, in milliseconds
 */
export function fakeXeroAt(url: string, patienceMs = PATIENCE_MS): DistantFakeXero {
  const call = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${url}${CONTROL_ROOT}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the fake Xero at ${url} answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const words = (all: Record<string, string | number>): string =>
    new URLSearchParams(Object.entries(all).map(([name, value]) => [name, String(value)])).toString();

  return {
    url,
    organisations: async () => (await call('GET', 'organisations')) as FakeOrganisation[],
    resourceIds: async (category, tenantId) =>
      (await call('GET', `resources?${words({ category, tenantId })}`)) as string[],
    changeAll: async (changes, eventsPerPayload) =>
      (await call('POST', `change?${words({ eventsPerPayload })}`, changes)) as ToldChange[],
    firstAttempts: async (first, last) =>
      (await call('GET', `webhook/attempts?${words({ first, last })}`)) as DeliveryAttempt[],
    webhookState: async () => (await call('GET', 'webhook')) as WebhookState,
    setWebhookTarget: async (target) => void (await call('PUT', 'webhook', target)),
  };
}
