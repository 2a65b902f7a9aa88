import { readFileSync } from 'node:fs';
import type { RedisClient } from '@xero-webhooks/runtime';

/** One of our Lua scripts, bound to a connection. All of its keys are in one slot. */
export type Script = (keys: readonly string[], args: readonly (string | number | Buffer)[]) => Promise<unknown>;

/**
 * Binds a Lua script to a connection: sent by its hash, and whole where Redis does not know it yet.
 *
 * @param file its path from this folder, for example `quarantine.lua`
 * @param numberOfKeys how many keys every call names
 */
export function bindScript(client: RedisClient, file: string, numberOfKeys: number): Script {
  const name = `xw:${file}`;
  const commands = client as unknown as Record<string, (...args: (string | number | Buffer)[]) => Promise<unknown>>;
  if (commands[name] === undefined) {
    client.defineCommand(name, { lua: readFileSync(new URL(file, import.meta.url), 'utf8'), numberOfKeys });
  }
  return async (keys, args) => commands[name]!.call(client, ...keys, ...args);
}
