import { CodedError, dataFolder, readDevelopmentFile } from '@xero-webhooks/runtime';
import type { Change, DeliveryAttempt, DistantFakeXero, FakeOrganisation } from '@xero-webhooks/fake-xero';
import { fakeXeroAt } from '@xero-webhooks/fake-xero';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { XeroEvent } from '@xero-webhooks/webhook';
import type { Pace } from './groups.ts';
import { forEach, inGroups } from './groups.ts';
import type { Reply } from './send.ts';
import { TOO_SLOW, unanswered } from './send.ts';

/** The fake Xero that `xw dev` runs. */
export type RunningFake = {
  readonly xero: DistantFakeXero;
  readonly organisations: readonly FakeOrganisation[];
  /** Whether its webhook is on and leads to the ingress of `xw dev`. */
  readonly delivers: boolean;
};

/** The fake Xero that `xw dev` has recorded, if it still answers. */
export async function findFakeXero(workingDirectory: string): Promise<RunningFake | undefined> {
  const left = readDevelopmentFile(dataFolder(workingDirectory));
  if (left?.xeroUrl === undefined) return undefined;
  const xero = fakeXeroAt(left.xeroUrl);
  try {
    const { url, enabled } = await xero.webhookState();
    return { xero, organisations: await xero.organisations(), delivers: enabled && url === left.webhookUrl };
  } catch {
    // The file outlives the process.
    return undefined;
  }
}

export type FakeWork = {
  readonly category: ResourceCategory;
  readonly verb: 'created' | 'updated';
  readonly count: number;
  readonly tenantId: string;
  readonly perRequest: number;
};

/** One request that the fake Xero has sent. */
export type FakeDelivery = { readonly events: readonly XeroEvent[]; readonly attempt: DeliveryAttempt };

/**
 * Makes the fake Xero create or update resources, each once, and deliver their events.
 *
 * @returns once each request has been tried; the fake retries refused requests later
 * @throws CodedError `XW_UNREACHABLE` if the fake ends meanwhile
 */
export async function deliverByFake(xero: DistantFakeXero, work: FakeWork, pace: Pace = {}): Promise<FakeDelivery[]> {
  try {
    const requests = inGroups(await changesFor(xero, work), work.perRequest);
    return await forEach(requests, (changes) => deliver(xero, changes), pace);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new CodedError('XW_UNREACHABLE', `the fake Xero at ${xero.url} did not deliver: ${words}`, { cause: error });
  }
}

/** New resources, or existing ones; if there are too few, creates the rest without an event. */
async function changesFor(xero: DistantFakeXero, { category, verb, count, tenantId }: FakeWork): Promise<Change[]> {
  const created: Change = { category, tenantId };
  if (verb === 'created') return Array.from({ length: count }, () => created);
  const there = await xero.resourceIds(category, tenantId);
  const missing = Array.from({ length: count - there.length }, () => ({ ...created, notify: false }));
  const added = missing.length === 0 ? [] : await xero.changeAll(missing, 1);
  const ids = [...there, ...added.map(({ resourceId }) => resourceId)];
  return ids.slice(0, count).map((resourceId) => ({ ...created, resourceId }));
}

async function deliver(xero: DistantFakeXero, changes: readonly Change[]): Promise<FakeDelivery> {
  const changed = await xero.changeAll(changes, changes.length);
  const told = changed.flatMap((change) => (change.told ? [change.told] : []));
  const [first, last] = [told[0], told.at(-1)];
  const [attempt] = first && last ? await xero.firstAttempts(first.sequence, last.sequence) : [];
  if (!attempt) throw new Error('its webhook was switched off');
  return { events: told.map(({ event }) => event), attempt };
}

export function replyOf({ outcome, status, ms }: DeliveryAttempt): Reply {
  if (outcome === 'unreachable') return unanswered('the connection failed', ms);
  return { status: status ?? 'none', ms, faults: outcome === 'too slow' ? [TOO_SLOW] : [] };
}
