import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import type { RecordedEvent } from '@xero-webhooks/record';
import { attemptText, createEventSearch, createRecorder, stateText } from '@xero-webhooks/record';
import type { EventFilter } from '@xero-webhooks/record';
import { startBenchRedis } from '../harness/bench-redis.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { dataBytes } from '../harness/redis-info.ts';

export type SearchResult = {
  readonly machine: Machine;
  /** Growth of Redis's memory for each record. */
  readonly bytes: number;
  /** Times of repeated searches, in milliseconds. */
  readonly searches: readonly { readonly what: string; readonly times: readonly number[] }[];
};

const ORGANISATIONS = 500;

/** One event in so many is a dead letter. */
const DEAD_EACH = 1_000;

/** How often each search is repeated, always for another event. */
const TIMES = 20;

const PAGE = 50;

/** As many as a record's writer sends together. */
const TOGETHER = 64;

/** Records events as worker and ingress do, and looks for some of them. */
export async function measureSearch(count: number, signal: AbortSignal): Promise<SearchResult> {
  await using bench = await startBenchRedis({ fsync: 'everysec' });
  const { client, prefix } = bench.redis;
  const tenants = Array.from({ length: ORGANISATIONS }, () => randomUUID());
  // The keys of organisations are there before: what counts is what an event adds.
  await write(client, prefix, ORGANISATIONS, tenants, signal);
  const before = await dataBytes(client, signal);
  const events = await write(client, prefix, count, tenants, signal);
  const bytes = ((await dataBytes(client, signal)) - before) / count;

  const search = createEventSearch(client, prefix);
  const some = (): RecordedEvent => events[Math.floor(Math.random() * events.length)]!;
  const filters: readonly (readonly [string, (event: RecordedEvent) => EventFilter])[] = [
    ['the latest', () => ({})],
    ['by resource', ({ resourceId }) => ({ resourceId })],
    ['by resource and organisation', ({ resourceId, tenantId }) => ({ resourceId, tenantId })],
    ['by organisation', ({ tenantId }) => ({ tenantId })],
    ['by key', ({ jobId }) => ({ jobId })],
    ['by time', ({ receivedAt }) => ({ until: receivedAt })],
    ['dead letters', () => ({ states: ['dead'] })],
    ['an event name that few have', () => ({ name: 'contact.created' })],
  ];
  const searches = [];
  for (const [what, filterOf] of filters) {
    const times: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      const started = performance.now();
      const { events: found } = await search.find(filterOf(some()), PAGE);
      times.push(performance.now() - started);
      if (found.length === 0) throw new Error(`the search ${what} found nothing`);
    }
    searches.push({ what, times });
  }
  return { machine: await describeMachine(client), bytes, searches };
}

async function write(
  client: RedisClient,
  prefix: string,
  count: number,
  tenants: readonly string[],
  signal: AbortSignal,
): Promise<RecordedEvent[]> {
  const recorder = createRecorder({ client, prefix, cluster: false });
  const start = Date.now() - count * 10;
  const events: RecordedEvent[] = [];
  for (let index = 0; index < count; index++) {
    const event = recordedEvent(tenants[index % tenants.length]!, start + index * 10, index);
    const at = event.receivedAt + 25;
    const isDead = index % DEAD_EACH === 0;
    const attempt = { at, handler: 'recordInvoice', attempt: 1, worker: 'worker-1:4711', ms: 12, delayMs: 0 };
    const line = isDead
      ? attemptText({ ...attempt, outcome: 'failed', reason: 'no such customer' })
      : attemptText({ ...attempt, outcome: 'succeeded', reason: '' });
    recorder.note(event, [line, stateText(at, isDead ? 'dead' : 'handled')], isDead);
    events.push(event);
    if (index % TOGETHER === TOGETHER - 1) await client.ping();
    signal.throwIfAborted();
  }
  // A note that is still to go goes before this turn of the event loop ends.
  await new Promise(setImmediate);
  await client.ping();
  return events;
}

function recordedEvent(tenantId: string, receivedAt: number, index: number): RecordedEvent {
  return {
    jobId: `x${randomUUID().replaceAll('-', '').slice(0, 27)}`,
    tenantId,
    resourceId: randomUUID(),
    name: index % 2_000 === 7 ? 'contact.created' : 'invoice.updated',
    eventDateUtc: new Date(receivedAt).toISOString().slice(0, -1),
    receivedAt,
    deliveryId: `bench-${index.toString(36)}`,
    source: 'webhook',
  };
}
