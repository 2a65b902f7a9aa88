import { isRecordKey } from '../support/record-keys.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { createEventSearch } from '@xero-webhooks/record';
import { freePort } from '@xero-webhooks/local-redis';
import { eventKey, eventName } from '@xero-webhooks/webhook';
import { Redis } from 'ioredis';
import { ownRedis, ROOT, until, waitingIn } from '@xero-webhooks/testing';
import { createEffects } from './effects.ts';
import { keepProcess } from './kept-process.ts';
import type { Load } from './load.ts';
import { makePayloads, sendAll } from './load.ts';
import type { Random } from './random.ts';
import { createRandom } from './random.ts';

const KEY = 'crash-test-key';
const HANDLERS = new URL('handlers.ts', import.meta.url).pathname;
const MAIL_EVENTS = new Set(['invoice.updated', 'contact.updated']);

export type CrashResult = {
  readonly seed: number;
  /** Effects that acknowledged events should have had but did not. */
  readonly missing: readonly string[];
  /** Effects without an acknowledged event. */
  readonly unexplained: readonly string[];
  /** Keys that settled events must not leave behind. */
  readonly residue: readonly string[];
  /** Jobs left in the queue, by state. */
  readonly left: Readonly<Record<string, number>>;
  /** Events whose record says something else than that they were handled. */
  readonly contradictions: readonly string[];
  readonly faults: readonly string[];
  readonly table: string;
};

/**
 * Sends events while processes and Redis are killed at random, then checks what became of them.
 *
 * @param seed determines the load and the kills
 */
export async function runCrash(seed: number, { events }: { events: number }): Promise<CrashResult> {
  const began = Date.now();
  const random = createRandom(seed);
  const effects = createEffects();
  const redis = await ownRedis();
  const port = await freePort();
  const shared = {
    REDIS_URL: redis.url,
    LOG_LEVEL: 'info',
    JOB_LOCK_MS: '2000',
    RETRY_BASE_MS: '100',
    RETRY_MAX_MS: '1000',
    // Jobs are added and ended in groups only with the BullMQ that was tested.
    ...(hasTestedBullmq(seed) ? {} : { NODE_OPTIONS: `--require ${ROOT}test/support/untested-bullmq.cjs` }),
  };
  const ingress = await keepProcess('ingress', 'apps/ingress/src/main.ts', {
    ...shared,
    XERO_WEBHOOK_KEY: KEY,
    INGRESS_HOST: '127.0.0.1',
    INGRESS_PORT: String(port),
    INGRESS_ADMIN_PORT: '0',
  });
  const workers = await Promise.all(
    [1, 2, 3].map((number) =>
      keepProcess(`worker ${number}`, 'apps/worker/src/main.ts', {
        ...shared,
        HANDLERS,
        EFFECTS_FILE: effects.file,
        WORKER_ADMIN_PORT: '0',
        WORKER_CONCURRENCY: '20',
      }),
    ),
  );

  const payloads = makePayloads(random, events);
  const loading = sendAll(payloads, {
    url: `http://127.0.0.1:${port}/webhook`,
    key: KEY,
    atOnce: 10,
    duplicates: 0.2,
    random: createRandom(seed + 1),
  });
  const kills = await killUntil(loading, random, [
    { name: 'worker', kill: () => random.pick(workers).kill() },
    { name: 'worker', kill: () => random.pick(workers).kill() },
    { name: 'ingress', kill: () => ingress.kill() },
    { name: 'redis', kill: () => redis.kill().then(() => redis.start()) },
  ]);
  const load = await loading;

  const expected = effectsOf(load.acknowledged);
  const client = new Redis(redis.url, { maxRetriesPerRequest: null });
  client.on('error', () => {});
  const left = (): Promise<Record<string, number>> => leftInQueue(client);
  await until(
    async () => effects.count >= expected.size && Object.values(await left()).every((count) => count === 0),
    'every event to be handled',
    60_000,
  ).catch(() => {});

  // A run that was considered lost may still be running. Its lock is released at its end, or expires.
  await until(async () => (await residueOf(client)).length === 0, 'every lock to be released', 40_000).catch(() => {});

  const there = effects.keys();
  const result: CrashResult = {
    seed,
    missing: [...expected].filter((key) => !there.has(key)),
    unexplained: [...there].filter((key) => !expected.has(key)),
    residue: await residueOf(client),
    left: await left(),
    contradictions: await contradictionsOf(client, load.acknowledged),
    faults: [ingress, ...workers].flatMap(({ faults }) => faults),
    table: tableOf({
      seed,
      events,
      load,
      kills,
      effects: there.size,
      runs: effects.runs(),
      seconds: (Date.now() - began) / 1000,
    }),
  };
  client.disconnect();
  await Promise.all([ingress, ...workers].map((kept) => kept.stop()));
  effects.close();
  return result;
}

/** Every second seed has another BullMQ. */
function hasTestedBullmq(seed: number): boolean {
  return seed % 2 === 0;
}

type Victim = { name: string; kill: () => Promise<void> };

/** Kills one victim after another, sometimes two together, until the load ends. */
async function killUntil(
  loading: Promise<Load>,
  random: Random,
  victims: readonly Victim[],
): Promise<Map<string, number>> {
  const kills = new Map<string, number>();
  const over = loading.then(() => true);
  for (;;) {
    if (await Promise.race([over, wait(random.between(100, 600)).then(() => false)])) return kills;
    const together = random.next() < 0.2 ? [random.pick(victims), random.pick(victims)] : [random.pick(victims)];
    for (const { name } of together) kills.set(name, (kills.get(name) ?? 0) + 1);
    // In turn: two victims may be the same process, which cannot be killed twice at once.
    for (const { kill } of together) await kill();
  }
}

function effectsOf(payloads: Load['acknowledged']): Set<string> {
  return new Set(
    payloads
      .flatMap(({ events }) => events)
      .flatMap((event) => {
        const key = eventKey(event);
        return MAIL_EVENTS.has(eventName(event)) ? [`${key}.book`, `${key}.mail`] : [`${key}.book`];
      }),
  );
}

async function leftInQueue(client: Redis): Promise<Record<string, number>> {
  const key = (set: string): string => `xw:xero-events-0:${set}`;
  const [wait_, active, delayed, failed] = await Promise.all([
    waitingIn(client, 'xw:xero-events-0'),
    client.llen(key('active')),
    client.zcard(key('delayed')),
    client.zcard(key('failed')),
  ]);
  return { waiting: wait_, active, delayed, failed };
}

/** What the record says of each event, read as operators do, where it is not that the event was handled. */
async function contradictionsOf(client: Redis, payloads: Load['acknowledged']): Promise<string[]> {
  const search = createEventSearch(client, 'xw');
  const states = new Map<string, string>();
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const page = await search.find({}, 1_000, cursor);
    for (const { jobId, state } of page.events) states.set(jobId, state);
    cursor = page.next;
  }
  const keys = new Set(payloads.flatMap(({ events }) => events).map(eventKey));
  return [...keys].flatMap((key) => {
    const state = states.get(key) ?? 'absent';
    return state === 'handled' ? [] : [`${key} is ${state}`];
  });
}

/** Locks, turns, and keys that never expire. */
async function residueOf(client: Redis): Promise<string[]> {
  const residue: string[] = [];
  for await (const keys of client.scanStream({ match: 'xw:{*', count: 1_000 })) {
    for (const key of (keys as string[]).filter((one) => !isRecordKey(one))) {
      if (/:(?:lock|turns):/.test(key) || (await client.pttl(key)) < 0) residue.push(key);
    }
  }
  return residue;
}

type TableOptions = {
  seed: number;
  events: number;
  load: Load;
  kills: ReadonlyMap<string, number>;
  effects: number;
  runs: { runs: number; keys: number };
  seconds: number;
};

function tableOf({ seed, events, load, kills, effects, runs, seconds }: TableOptions): string {
  const list = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, count]) => `${name} × ${count}`)
      .join(', ');
  const rows = [
    ['seed', seed],
    ['jobs', hasTestedBullmq(seed) ? 'added and ended in groups' : "added and ended with BullMQ's own calls"],
    ['events', `${events}, 20 % of the requests sent twice`],
    ['answers', list(load.answers)],
    ['killed', list(kills)],
    ['effects', `${effects}, each once`],
    ['handler runs', `${runs.runs}, ${runs.runs - runs.keys} of them repeated`],
    ['took', `${seconds.toFixed(1)} s`],
  ];
  return rows.map(([name, value]) => `  ${String(name).padEnd(13)} ${value}`).join('\n');
}
