import { readResourceRecords } from '@xero-webhooks/record';
import type { RedisClient } from '@xero-webhooks/runtime';
import { readJson } from '@xero-webhooks/xero';
import type { Change } from './change.ts';

/** A resource as a backfill has read it, until the handlers of its event have it. */
export type Copy = {
  /** When it was asked for, and when it had changed last, in milliseconds since 1970. */
  readonly readAt: number;
  readonly updatedAt: number;
  readonly resource: unknown;
};

export type Copies = {
  put(tenantId: string, changes: readonly Change[], readAt: number): Promise<void>;
  /** Takes a resource's copy away, so that it serves one run. */
  take(tenantId: string, resourceId: string): Promise<Copy | undefined>;
  /**
   * Whether a copy is as good as reading the resource now: nothing of the resource was worked on since, so no handler has
   * seen a later state. Ask while the resource is locked for the job.
   */
  isFresh(copy: Copy, event: { tenantId: string; resourceId: string; jobId: string }): Promise<boolean>;
};

/** Longer than a copy waits for its event, as backfills do not run far ahead of the workers. In milliseconds. */
const KEPT_MS = 600_000;

/** Clocks of two machines may differ by this, in milliseconds. */
const CLOCKS_MS = 60_000;

/** Copies that go to Redis in one go. */
const COPIES_TOGETHER = 100;

/**
 * Keeps in Redis what a backfill has read, so that the handlers need not read it again.
 *
 * @param hasRoom whether Redis has room, and keeps records: without records, nobody knows whether a copy is fresh
 */
export function createCopies(client: RedisClient, prefix: string, hasRoom: () => boolean): Copies {
  const keyOf = (tenantId: string, resourceId: string): string =>
    `${prefix}:{${tenantId.toLowerCase()}}:copy:${resourceId.toLowerCase()}`;

  return {
    async put(tenantId, changes, readAt) {
      if (!hasRoom()) return;
      for (let at = 0; at < changes.length; at += COPIES_TOGETHER) {
        const some = changes.slice(at, at + COPIES_TOGETHER).map(({ resourceId, updatedAt, resource }) => {
          const text = `${readAt} ${updatedAt} ${JSON.stringify(resource)}`;
          return client.set(keyOf(tenantId, resourceId), text, 'PX', KEPT_MS);
        });
        await Promise.all(some);
      }
    },
    async take(tenantId, resourceId) {
      const text = await client.getdel(keyOf(tenantId, resourceId));
      const [, readAt, updatedAt, json] = /^(\d+) (\d+) (.*)$/s.exec(text ?? '') ?? [];
      if (json === undefined) return undefined;
      return { readAt: Number(readAt), updatedAt: Number(updatedAt), resource: readJson(json) };
    },
    async isFresh({ readAt }, { tenantId, resourceId, jobId }) {
      if (!hasRoom()) return false;
      const records = await readResourceRecords(client, prefix, tenantId, [resourceId]);
      const others = records.filter((record) => record.jobId !== jobId).flatMap(({ entries }) => entries);
      return !others.some((entry) => entry.kind === 'attempt' && entry.at > readAt - CLOCKS_MS);
    },
  };
}
