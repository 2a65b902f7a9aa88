import type { RedisClient } from './connect.ts';
import { mastersOf } from './masters.ts';

/** Keys that Redis looks at in one command. */
const LOOKED_AT = 1_000;

/**
 * All keys that begin with a text, on every server of a Cluster, in batches. A key can come twice.
 *
 * It looks at every key that there is: use it for what is done seldom.
 */
export async function* scanKeys(client: RedisClient, start: string): AsyncGenerator<string[]> {
  const match = `${start.replaceAll(/[*?[\]\\^]/g, String.raw`\$&`)}*`;
  for (const master of mastersOf(client)) {
    let cursor = '0';
    do {
      const [next, keys] = await master.scan(cursor, 'MATCH', match, 'COUNT', LOOKED_AT);
      cursor = next;
      if (keys.length > 0) yield keys;
    } while (cursor !== '0');
  }
}
