import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { Redis } from 'ioredis';
import { inject } from 'vitest';
import { testPrefix, until } from '@xero-webhooks/testing';
import type { AtEnd } from '@xero-webhooks/testing';
import type { SupervisedWorker } from '../support/supervised-worker.ts';
import { superviseWorker } from '../support/supervised-worker.ts';
import { post, startIngress } from '../support/system.ts';

const HANDLERS = new URL('handlers.ts', import.meta.url).pathname;

/** The reason in the dead letter of each kind of poison. */
export const CAUSES = {
  exit: /handler behave ended it with exit code 3/,
  memory: /out of memory|memory runs out/,
  native: /crashes in native code/,
  killed: /it is killed/,
  blocked: /its event loop stood still/,
  thrown: /handler behave left an error uncaught: thrown where nobody waits/,
  floating: /handler behave left an error uncaught: nobody waits for this/,
};

type Note = { readonly what: 'begin' | 'end'; readonly key: string; readonly pid: number };

export type PoisonSystem = {
  readonly workers: readonly SupervisedWorker[];
  send(resourceIds: readonly string[]): Promise<void>;
  notes(what: Note['what'], resourceId?: string): Note[];
  /** Reasons, by resource. */
  deadLetters(): Promise<Record<string, string>>;
  /** Waits until no job waits, is active or is delayed. */
  idle(timeoutMs: number): Promise<void>;
};

/** An ingress, and supervised workers whose handlers can end their process. */
export async function poisonSystem(
  workers: number,
  atEnd: AtEnd,
  environment: Record<string, string> = {},
): Promise<PoisonSystem> {
  const prefix = testPrefix(atEnd);
  const file = join(mkdtempSync(join(tmpdir(), 'xw-poison-')), 'notes');
  const ingress = await startIngress(prefix, {}, { atEnd });
  const client = new Redis(inject('redis').url);
  atEnd(() => client.disconnect());
  const key = (name: string): string => `${prefix}:xero-events-0:${name}`;
  const supervised = Array.from({ length: workers }, () =>
    superviseWorker(
      {
        REDIS_URL: inject('redis').url,
        REDIS_PREFIX: prefix,
        HANDLERS,
        NOTES_FILE: file,
        JOB_LOCK_MS: '2000',
        HANDLER_TIMEOUT_MS: '1000',
        RETRY_BASE_MS: '100',
        // So that a handler soon runs out of memory.
        NODE_OPTIONS: '--max-old-space-size=120',
        ...environment,
      },
      atEnd,
    ),
  );
  let sequence = 1;
  return {
    workers: supervised,
    async send(resourceIds) {
      const events = resourceIds.map((resourceId) =>
        xeroEvent({ category: 'invoice', type: 'update', resourceId, tenantId: 't-1', dateUtc: '2026-01-01T00:00:00' }),
      );
      const { status } = await post(ingress.url, xeroBody(events, sequence));
      if (status !== 200) throw new Error(`the ingress answered ${status}`);
      sequence += events.length;
    },
    notes: (what, resourceId) =>
      notesIn(file).filter((note) => note.what === what && (resourceId === undefined || note.key === resourceId)),
    async deadLetters() {
      const ids = await client.zrange(key('failed'), '0', '-1');
      const jobs = await Promise.all(ids.map((id) => client.hmget(key(id), 'data', 'failedReason')));
      return Object.fromEntries(jobs.map(([data, reason]) => [resourceOf(data!), reason ?? '']));
    },
    idle: (timeoutMs) =>
      until(
        async () => {
          // In one transaction, so that a job that moves between sets is not missed.
          const left = await client
            .multi()
            .llen(key('wait'))
            .zcard(key('prioritized'))
            .llen(key('active'))
            .zcard(key('delayed'))
            .exec();
          return left!.every(([, count]) => count === 0);
        },
        'every event to be handled or dead',
        timeoutMs,
      ),
  };
}

function resourceOf(data: string): string {
  return (JSON.parse(data) as { event: { resourceId: string } }).event.resourceId;
}

function notesIn(file: string): Note[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Note);
  } catch {
    return [];
  }
}
