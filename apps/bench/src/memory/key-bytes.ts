import type { RedisClient } from '@xero-webhooks/runtime';
import { keyKind } from './key-kind.ts';

/** The bytes of all keys of a kind, and how many there are. */
export type KeyBytes = { readonly keys: number; readonly bytes: number };

/** What Redis says that its keys take, by their kind: `MEMORY USAGE` of every key, with all that it holds. */
export async function keyBytes(client: RedisClient): Promise<Map<string, KeyBytes>> {
  const kinds = new Map<string, KeyBytes>();
  let cursor = '0';
  do {
    const [next, names] = (await client.call('SCAN', cursor, 'COUNT', '1000')) as [string, string[]];
    const pipeline = client.pipeline();
    for (const name of names) pipeline.call('MEMORY', 'USAGE', name, 'SAMPLES', '0');
    const replies = (await pipeline.exec())!;
    for (const [index, name] of names.entries()) {
      const kind = keyKind(name);
      const { keys, bytes } = kinds.get(kind) ?? { keys: 0, bytes: 0 };
      kinds.set(kind, { keys: keys + 1, bytes: bytes + Number(replies[index]![1] ?? 0) });
    }
    cursor = next;
  } while (cursor !== '0');
  return kinds;
}

/** What came to be between two looks, by kind: what grew or shrank. */
export function growth(
  before: ReadonlyMap<string, KeyBytes>,
  after: ReadonlyMap<string, KeyBytes>,
): Map<string, KeyBytes> {
  const grown = new Map<string, KeyBytes>();
  for (const kind of new Set([...before.keys(), ...after.keys()])) {
    const was = before.get(kind) ?? { keys: 0, bytes: 0 };
    const is = after.get(kind) ?? { keys: 0, bytes: 0 };
    if (is.bytes !== was.bytes) grown.set(kind, { keys: is.keys - was.keys, bytes: is.bytes - was.bytes });
  }
  return grown;
}
