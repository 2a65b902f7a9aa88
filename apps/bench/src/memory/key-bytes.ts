import type { RedisClient } from '@xero-webhooks/runtime';

/** The keys of one kind: how many, and their bytes. */
export type KeyBytes = { readonly keys: number; readonly bytes: number };

/** The `MEMORY USAGE` of all keys, by kind. */
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

/** The kinds whose bytes differ between two readings, and by how much. */
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

const EVENT_KEY = /(?<=:)x[A-Za-z0-9_-]{27}$/;
const ORGANISATION = /\{[A-Za-z0-9-]+\}/;
const RESOURCE = /(?<=:)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A key with its ids replaced by what they identify. */
export function keyKind(key: string): string {
  return key.replace(ORGANISATION, '{organisation}').replace(EVENT_KEY, '<event>').replace(RESOURCE, '<resource>');
}
