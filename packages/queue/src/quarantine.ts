import { createHash } from 'node:crypto';
import { bindScript } from '@xero-webhooks/runtime';
import type { QueueRedis } from './open-redis.ts';
import { redisFault } from './redis-faults.ts';
import type { ReplicaRequirement } from './replicas.ts';
import { createReplicaCheck, NO_REPLICAS, TOO_FEW_REPLICAS } from './replicas.ts';

/** A body that was signed with one of our keys but could not be read, whole or in part. */
export type QuarantinedBody = {
  /** The raw bytes, exactly as received. */
  readonly body: Uint8Array;
  /** `unreadable-events` if only some events could not be read, otherwise why the whole body could not. */
  readonly cause: string;
  /** What was wrong, for people. */
  readonly detail: string;
  /** In milliseconds since 1970. */
  readonly receivedAt: number;
  readonly deliveryId: string;
};

/** What is known of an entry besides its body. `times` says how often the same body was received. */
export type QuarantineSummary = Omit<QuarantinedBody, 'body'> & {
  readonly id: string;
  readonly times: number;
  /** The size of the body. */
  readonly bytes: number;
};

/** An entry of the quarantine. */
export type QuarantineEntry = QuarantinedBody & QuarantineSummary;

/** `usedBytes` counts the bodies kept, without Redis's own overhead. */
export type QuarantineOutcome =
  | { outcome: 'kept' | 'known'; usedBytes: number }
  | { outcome: 'full'; usedBytes: number }
  | { outcome: 'unavailable'; reason: string }
  | { outcome: 'failed'; error: unknown };

export type Quarantine = {
  /** Keeps a body, once for each hash of its bytes. It never drops another body to make room. */
  keep(body: QuarantinedBody): Promise<QuarantineOutcome>;
  /** `undefined` if there is no entry with this id. */
  read(id: string): Promise<QuarantineEntry | undefined>;
  /** Drops an entry. @returns false if there is none with this id */
  drop(id: string): Promise<boolean>;
  /** Lists entries, the newest first, without their bodies: each can have megabytes. */
  list(limit: number): Promise<QuarantineSummary[]>;
  count(): Promise<number>;
};

/**
 * Keeps bodies that were signed but unreadable in Redis until somebody replays or drops them.
 *
 * @param maxBytes the most bytes of bodies that it holds
 * @param replicas how many replicas must have a body before it counts as kept @defaultValue none
 */
export function createQuarantine(
  { client, prefix }: QueueRedis,
  maxBytes: number,
  replicas: ReplicaRequirement = NO_REPLICAS,
): Quarantine {
  const root = `${prefix}:{quarantine}`;
  const entryKey = (id: string): string => `${root}:${id}`;
  const indexKey = `${root}:by-time`;
  const bytesKey = `${root}:bytes`;
  const dropScript = bindScript(client, new URL('quarantine-drop.lua', import.meta.url));
  const keepScript = bindScript(client, new URL('quarantine.lua', import.meta.url));
  const isOnReplicas = createReplicaCheck(client, replicas);

  async function read(id: string): Promise<QuarantineEntry | undefined> {
    const fields = await client.hgetallBuffer(entryKey(id));
    if (!fields['body']) return undefined;
    return {
      id,
      body: fields['body'],
      cause: String(fields['cause']),
      detail: String(fields['detail']),
      receivedAt: Number(fields['receivedAt']),
      deliveryId: String(fields['deliveryId']),
      times: Number(fields['times']),
      bytes: fields['body'].byteLength,
    };
  }

  async function summaryOf(id: string): Promise<QuarantineSummary | undefined> {
    const key = entryKey(id);
    const [bytes, [cause, detail, receivedAt, deliveryId, times]] = await Promise.all([
      client.hstrlen(key, 'body'),
      client.hmget(key, 'cause', 'detail', 'receivedAt', 'deliveryId', 'times'),
    ]);
    if (typeof cause !== 'string') return undefined;
    return {
      id,
      cause,
      detail: String(detail),
      receivedAt: Number(receivedAt),
      deliveryId: String(deliveryId),
      times: Number(times),
      bytes,
    };
  }

  return {
    async keep({ body, cause, detail, receivedAt, deliveryId }) {
      const id = createHash('sha256').update(body).digest('base64url');
      const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      try {
        const [outcome, usedBytes] = (await keepScript(
          [entryKey(id), indexKey, bytesKey],
          [id, maxBytes, bytes, cause, detail, receivedAt, deliveryId],
        )) as ['kept' | 'known' | 'full', number];
        if (outcome !== 'full' && !(await isOnReplicas(`${root}:replicated`))) {
          return { outcome: 'unavailable', reason: TOO_FEW_REPLICAS };
        }
        return { outcome, usedBytes };
      } catch (error) {
        const reason = redisFault(error);
        return reason === undefined ? { outcome: 'failed', error } : { outcome: 'unavailable', reason };
      }
    },
    read,
    async drop(id) {
      return (await dropScript([entryKey(id), indexKey, bytesKey], [id])) === 1;
    },
    async list(limit) {
      const ids = await client.zrevrange(indexKey, 0, limit - 1);
      const entries = await Promise.all(ids.map(summaryOf));
      return entries.filter((entry) => entry !== undefined);
    },
    count: () => client.zcard(indexKey),
  };
}
