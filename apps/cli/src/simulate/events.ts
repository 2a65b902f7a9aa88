import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@xero-webhooks/runtime';
import { xeroDate, xeroEvent } from '@xero-webhooks/fake-xero';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { eventType } from '@xero-webhooks/webhook';
import type { EventName } from './event-name.ts';

/** New events, each for a different resource. */
export function makeEvents({ category, verb }: EventName, count: number, tenantId: string): XeroEvent[] {
  const time = Date.now();
  return Array.from({ length: count }, (_, index) =>
    xeroEvent({
      category,
      type: eventType(verb),
      resourceId: randomUUID(),
      tenantId,
      dateUtc: xeroDate(new Date(time - index), index),
    }),
  );
}

const LAST = 'last-simulation.json';

type LastSimulation = { name: string; events: readonly XeroEvent[] };

/**
 * Stores the events of this simulation for `--repeat`.
 *
 * @returns false if the folder cannot be written to
 */
export function rememberEvents(folder: string, last: LastSimulation): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, LAST), JSON.stringify(last));
    return true;
  } catch {
    return false;
  }
}

/**
 * The events of the last simulation, unchanged.
 *
 * @throws CodedError `XW_NOTHING_TO_REPEAT`
 */
export function recallEvents(folder: string, name: string, count: number | undefined): readonly XeroEvent[] {
  const path = join(folder, LAST);
  const last = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as LastSimulation) : undefined;
  if (last?.name !== name) {
    const what = last ? `the last simulation here was of ${last.name}` : 'there was no simulation here yet';
    throw new CodedError('XW_NOTHING_TO_REPEAT', `${what}: run the same command once without --repeat`);
  }
  if (count !== undefined && count > last.events.length) {
    throw new CodedError(
      'XW_NOTHING_TO_REPEAT',
      `the last simulation had ${last.events.length} events, fewer than --count ${count}`,
    );
  }
  return last.events.slice(0, count);
}
