import { randomUUID } from 'node:crypto';
import { freePort } from '@xero-webhooks/local-redis';
import { eventJob } from '@xero-webhooks/queue';
import { xeroEvent } from '@xero-webhooks/fake-xero';
import type { BenchProcess } from '../harness/bench-process.ts';
import { startBenchProcess } from '../harness/bench-process.ts';
import type { BenchRedis } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import { makeEventJobs, newResources } from '../harness/events.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { drained, enqueueAll } from '../harness/queue.ts';
import { note } from '../harness/report.ts';
import { until } from '../harness/until.ts';
import { startOurWorker, workersReady } from '../harness/workers.ts';

export type MeasuredPages = {
  readonly machine: Machine;
  readonly deadLetters: number;
  /** Times of repeated requests, in milliseconds. */
  readonly pages: readonly { readonly what: string; readonly times: readonly number[] }[];
};

const BOARD = new URL('../../../board/src/main.ts', import.meta.url).pathname;
const LOGIN = { BOARD_USER: 'bench', BOARD_PASSWORD: randomUUID() };

const ORGANISATIONS = 500;
const LARGE_BYTES = 5_000_000;
const TIMES = 20;

/** As many events as are made at once. */
const GROUP = 20_000;

/** Has workers handle or give up events, and then asks the board for each of its pages. */
export async function measurePages(events: number, signal: AbortSignal): Promise<MeasuredPages> {
  await using bench = await startBenchRedis({ fsync: 'everysec', rewrites: false });
  const some = await fill(bench, events, signal);
  const deadLetters = await bench.queue.getFailedCount();
  const port = await freePort();
  await using board = startBenchProcess(BOARD, {
    ...bench.environment,
    ...LOGIN,
    BOARD_HOST: '127.0.0.1',
    BOARD_PORT: String(port),
    BOARD_ADMIN_PORT: '0',
  });
  const url = `http://127.0.0.1:${port}`;
  await ready(board, url, signal);

  const paths = [
    ['overview', '/'],
    ['events, the newest', '/events'],
    ['events of a resource', `/events?q=${some.resourceId}`],
    ['events of an organisation', `/events?q=${some.tenantId}`],
    ['events that are dead letters', '/events?state=dead'],
    ['an event with a payload of 5 MB', some.large],
    ['dead letters by handler and reason', '/failed'],
    ['quarantine', '/quarantine'],
    ['handlers', '/handlers'],
    ['organisations', '/connect'],
  ] as const;
  const pages = [];
  for (const [what, path] of paths) {
    await load(`${url}${path}`);
    const times: number[] = [];
    for (let time = 0; time < TIMES; time++) times.push(await load(`${url}${path}`));
    pages.push({ what, times });
    signal.throwIfAborted();
  }
  return { machine: await describeMachine(bench.redis.client), deadLetters, pages };
}

/** @returns what to look for, and the path of the large event */
async function fill(
  bench: BenchRedis,
  events: number,
  signal: AbortSignal,
): Promise<{ resourceId: string; tenantId: string; large: string }> {
  await using worker = startOurWorker(bench, 'giveUpHalf', { LOG_LEVEL: 'fatal' });
  await workersReady(bench.redis.client, { count: 1, processes: [worker] }, signal);
  const resourceOf = newResources(ORGANISATIONS);
  for (let made = 0; made < events; made += GROUP) {
    note(`events ${made} to ${Math.min(events, made + GROUP)} …`);
    await enqueueAll(bench.redis, makeEventJobs({ count: Math.min(GROUP, events - made), resourceOf }));
    await drained(bench.redis.client, bench.queue, signal);
  }
  const { tenantId, resourceId } = resourceOf(0);
  const sample = { category: 'invoice', type: 'update', tenantId, dateUtc: '2026-01-01T00:00:00' } as const;
  const job = eventJob({
    event: {
      ...xeroEvent({ ...sample, resourceId: `${resourceId.slice(0, -1)}0` }),
      data: { Note: 'x'.repeat(LARGE_BYTES) },
    },
    sequence: null,
    receivedAt: Date.now(),
    deliveryId: 'bench-large',
    source: 'webhook',
  });
  const searched = makeEventJobs({ count: 1, resourceOf });
  await enqueueAll(bench.redis, [job, ...searched]);
  await drained(bench.redis.client, bench.queue, signal);
  const { event } = searched[0]!.data;
  return { resourceId: event.resourceId, tenantId: event.tenantId, large: `/events/${tenantId}/${job.id}` };
}

async function ready(board: BenchProcess, url: string, signal: AbortSignal): Promise<void> {
  await until(
    async () => {
      if (!board.running) throw new Error('the board ended before it was ready');
      return fetch(`${url}/healthz`).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    'the board to be ready',
    { signal },
  );
}

/** @returns how long the page took, in milliseconds */
async function load(address: string): Promise<number> {
  const authorization = `Basic ${Buffer.from(`${LOGIN.BOARD_USER}:${LOGIN.BOARD_PASSWORD}`).toString('base64')}`;
  const began = performance.now();
  const response = await fetch(address, { headers: { authorization } });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`${address} answered ${response.status}`);
  return performance.now() - began;
}
