import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';

/** What a worker process says of itself. */
export type WorkerInfo = {
  /** As in the records: host and process id. */
  readonly name: string;
  readonly release: string;
  /** In milliseconds since 1970. */
  readonly startedAt: number;
  readonly shards: number;
  /** How many events it works on at once, in each shard. */
  readonly concurrency: number;
  /** Whether it can read from Xero, and so does its part in backfills. */
  readonly readsXero: boolean;
  readonly handlers: readonly { readonly name: string; readonly events: readonly string[] }[];
};

/** How many worker processes there are, this one among them. */
export type Presence = { readonly count: () => number; stop(): Promise<void> };

type Options = { client: RedisClient; prefix: string; worker: WorkerInfo; intervalMs?: number };

const INTERVAL_MS = 5_000;

/** So many intervals without a word, and a process counts as gone. */
const PATIENCE = 4;

/**
 * Tells that this worker process is there, again and again, and counts all. Those who come back from waiting for an
 * organisation's limits are spread over all processes; operators see which handlers run.
 */
export function startPresence({ client, prefix, worker, intervalMs = INTERVAL_MS }: Options): Presence {
  const note = bindScript(client, new URL('presence.lua', import.meta.url));
  const keys = keysOf(prefix);
  const id = randomUUID();
  const about = JSON.stringify(worker);
  let count = 1;

  async function look(): Promise<void> {
    try {
      count = Number(await note([...keys], [id, PATIENCE * intervalMs, about]));
    } catch {
      // It stays at what it was; the process's watch on Redis says what is wrong with it.
    }
  }

  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  void look();
  return {
    count: () => count,
    async stop() {
      clearInterval(timer);
      await Promise.all([client.zrem(keys[0], id), client.hdel(keys[1], id)]).catch(() => undefined);
    },
  };
}

/** The worker processes that are there, the oldest first. A killed one is among them for up to 20 seconds. */
export async function listWorkers(client: RedisClient, prefix: string): Promise<WorkerInfo[]> {
  const [seen, about] = keysOf(prefix);
  const [seconds = 0] = await client.time();
  const since = seconds * 1_000 - PATIENCE * INTERVAL_MS;
  const ids = await client.zrange(seen, String(since), '+inf', 'BYSCORE');
  const texts = ids.length === 0 ? [] : await client.hmget(about, ...ids);
  return texts
    .flatMap((text) => (text === null ? [] : [JSON.parse(text) as WorkerInfo]))
    .toSorted((a, b) => a.startedAt - b.startedAt);
}

/** When each was last there, and what it says of itself. */
function keysOf(prefix: string): [string, string] {
  return [`${prefix}:{workers}:seen`, `${prefix}:{workers}:about`];
}
