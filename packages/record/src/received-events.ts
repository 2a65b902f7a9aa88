import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import type { RecordedEvent } from './event-record.ts';
import { commonKeys } from './keys.ts';
import { parseReceived } from './received-text.ts';

/** Groups that one script looks at: Redis does nothing else meanwhile. */
const GROUPS_AT_ONCE = 1_000;

export type ReceivedEvents = {
  /**
   * Events that were enqueued, newest first; most of them have a record of their own by now.
   *
   * @param texts what has to occur in an event's line: its resource, organisation, job or name
   * @param from to @param until when they were received, in milliseconds since 1970
   * @returns one batch after another; stop reading when there is enough
   */
  read(texts: readonly string[], from: number, until: number): AsyncGenerator<RecordedEvent[]>;
  /** Removes groups in which an organisation occurs. */
  forget(tenantId: string): Promise<void>;
};

export function createReceivedEvents(client: RedisClient, prefix: string): ReceivedEvents {
  const scan = bindScript(client, new URL('scan-received.lua', import.meta.url));
  const { received } = commonKeys(prefix);

  return {
    async *read(texts, from, until) {
      // Groups stand in the order in which they were enqueued, which can be long after the receipt, as from quarantine.
      let newest = '+';
      const oldest = String(Math.max(0, Math.floor(from)));
      for (;;) {
        const [next, ...lines] = (await scan([received], [newest, oldest, GROUPS_AT_ONCE, ...texts])) as string[];
        const events = lines.map(parseReceived).filter((event) => event !== undefined);
        yield events.filter(({ receivedAt }) => receivedAt >= from && receivedAt <= until);
        if (!next) return;
        newest = `(${next}`;
      }
    },
    async forget(tenantId) {
      const needle = `\t${tenantId.toLowerCase()}\t`;
      let newest = '+';
      for (;;) {
        const groups = await client.xrevrange(received, newest, '-', 'COUNT', GROUPS_AT_ONCE);
        const theirs = groups.filter(([, fields]) => fields[1]!.includes(needle)).map(([id]) => id);
        if (theirs.length > 0) await client.xdel(received, ...theirs);
        if (groups.length < GROUPS_AT_ONCE) return;
        newest = `(${groups.at(-1)![0]}`;
      }
    },
  };
}
