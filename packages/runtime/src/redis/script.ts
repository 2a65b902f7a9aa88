import { readFileSync } from 'node:fs';
import type { RedisClient } from './connect.ts';

/** One of our Lua scripts, bound to a connection. All of its keys are in one slot. */
export type Script = (keys: readonly string[], args: readonly (string | number | Buffer)[]) => Promise<unknown>;

/**
 * Binds a Lua script to a connection: sent by its hash, and whole where Redis does not know it yet.
 *
 * @param file where it is, for example `new URL('quarantine.lua', import.meta.url)`
 * @param shared files of functions that it calls: their text is put before the script's
 */
export function bindScript(client: RedisClient, file: URL, ...shared: readonly URL[]): Script {
  return bindScriptText(client, `xw:${file.pathname}`, () => [...shared, file].map((one) => readFileSync(one, 'utf8')));
}

/**
 * Binds a Lua script whose text is not that of a file.
 *
 * @param name of the script, one for each text
 * @param texts makes its parts, which follow one another
 */
export function bindScriptText(client: RedisClient, name: string, texts: () => readonly string[]): Script {
  const commands = client as unknown as Record<string, (...args: (string | number | Buffer)[]) => Promise<unknown>>;
  if (commands[name] === undefined) client.defineCommand(name, { lua: texts().join('\n') });
  return async (keys, args) => commands[name]!.call(client, keys.length, ...keys, ...args);
}
