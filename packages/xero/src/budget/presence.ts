import { randomUUID } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';

/** How many worker processes there are, this one among them. */
export type Presence = { readonly count: () => number; stop(): Promise<void> };

type Options = { client: RedisClient; prefix: string; intervalMs?: number };

/** So many intervals without a word, and a process counts as gone. */
const PATIENCE = 4;

/**
 * Keeps count of the worker processes: those who come back from waiting for an organisation's limits are spread over all
 * of them, and a call is worth most when one process has many of them.
 */
export async function startPresence({ client, prefix, intervalMs = 5_000 }: Options): Promise<Presence> {
  const note = bindScript(client, new URL('presence.lua', import.meta.url));
  const key = `${prefix}:xero:workers`;
  const process = randomUUID();
  let count = 1;

  async function look(): Promise<void> {
    try {
      count = Number(await note([key], [process, PATIENCE * intervalMs]));
    } catch {
      // It stays at what it was; the process's watch on Redis says what is wrong with it.
    }
  }

  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  await look();
  return {
    count: () => count,
    async stop() {
      clearInterval(timer);
      await client.zrem(key, process).catch(() => undefined);
    },
  };
}
