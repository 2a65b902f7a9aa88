import type { RedisClient } from '@xero-webhooks/runtime';

/** How a handler has fared, over all workers. Times are in milliseconds since 1970; `undefined` where it never did. */
export type HandlerHealth = {
  readonly handler: string;
  readonly succeededAt: number | undefined;
  readonly failedAt: number | undefined;
  /** The first failure since it last succeeded. */
  readonly failingSince: number | undefined;
};

/** Notes what an attempt of a handler came to. Nothing waits for it, and nothing fails because of it. */
export type NoteHandler = (handler: string, hasSucceeded: boolean) => void;

/** The same again is written at most so often, and anything else so often, in milliseconds. */
const QUIET_MS = 1_000;
const CHANGE_MS = 100;

/** In milliseconds: a handler that had no event for so long is forgotten with all others. */
const KEPT_MS = 30 * 86_400_000;

export function createNoteHandler(client: RedisClient, prefix: string): NoteHandler {
  const wrote = new Map<string, { hasSucceeded: boolean; at: number }>();
  const key = keyOf(prefix);
  return (handler, hasSucceeded) => {
    const now = Date.now();
    const last = wrote.get(handler);
    const quietMs = last?.hasSucceeded === hasSucceeded ? QUIET_MS : CHANGE_MS;
    if ((last && now - last.at < quietMs) || client.status !== 'ready') return;
    wrote.set(handler, { hasSucceeded, at: now });
    const written = hasSucceeded
      ? [client.hset(key, `ok ${handler}`, now), client.hdel(key, `since ${handler}`)]
      : [client.hset(key, `failed ${handler}`, now), client.hsetnx(key, `since ${handler}`, String(now))];
    Promise.all([...written, client.pexpire(key, KEPT_MS)]).catch(() => {});
  };
}

export async function readHandlerHealth(client: RedisClient, prefix: string): Promise<HandlerHealth[]> {
  const fields = await client.hgetall(keyOf(prefix));
  const handlers = new Set(Object.keys(fields).map((field) => field.slice(field.indexOf(' ') + 1)));
  const number = (name: string): number | undefined => (fields[name] === undefined ? undefined : Number(fields[name]));
  return [...handlers].toSorted().map((handler) => {
    const succeededAt = number(`ok ${handler}`);
    const since = number(`since ${handler}`);
    return {
      handler,
      succeededAt,
      failedAt: number(`failed ${handler}`),
      // A success that was not written again did not end it in Redis.
      failingSince: since !== undefined && (succeededAt ?? 0) < since ? since : undefined,
    };
  });
}

function keyOf(prefix: string): string {
  return `${prefix}:{workers}:handlers`;
}
