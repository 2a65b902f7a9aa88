import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { ROOT, testClient, testPrefix, until } from '@xero-webhooks/testing';
import { expect, inject } from 'vitest';
import type { XwResult } from './run-xw.ts';
import { runXw } from './run-xw.ts';
import { post, startIngress, startWorker } from './system.ts';

const HANDLERS = `${ROOT}test/support/mending-handlers.ts`;

/** An ingress, a worker whose handlers can be mended, and the commands that operators have. */
export async function operatedSystem(environment: Record<string, string> = {}) {
  const prefix = testPrefix();
  const folder = mkdtempSync(join(tmpdir(), 'xw-operated-'));
  const [file, mended] = [join(folder, 'handled'), join(folder, 'mended')];
  writeFileSync(file, '');
  const [ingress, client] = [await startIngress(prefix, environment), testClient()];
  let sequence = 1;
  const handled = (): string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1);
  const count = (set: string): Promise<number> => client.zcard(`${prefix}:xero-events-0:${set}`);
  return {
    prefix,
    client,
    handled,
    count,
    worker: (more: Record<string, string> = {}) =>
      startWorker(prefix, HANDLERS, {
        HANDLED_FILE: file,
        MENDED: mended,
        RETRY_ATTEMPTS: '2',
        RETRY_BASE_MS: '10',
        ...environment,
        ...more,
      }),
    /** Mends the handlers. */
    mend: () => writeFileSync(mended, ''),
    async send(resourceIds: readonly string[], over: { tenantId?: string; category?: string } = {}): Promise<void> {
      const events = resourceIds.map((resourceId) =>
        xeroEvent({
          category: 'invoice',
          type: 'update',
          resourceId,
          tenantId: 't-1',
          dateUtc: '2026-01-01T00:00:00',
          ...over,
        }),
      );
      expect((await post(ingress.url, xeroBody(events, sequence))).status).toBe(200);
      sequence += events.length;
    },
    /** Sends any bytes, well signed. */
    sendBody: (body: Buffer) => post(ingress.url, body),
    reach: (set: string, wanted: number) => until(async () => (await count(set)) === wanted, `${wanted} events ${set}`),
    /** Waits until handlers have written down so many lines. */
    handle: (lines: number) => until(() => handled().length >= lines, `${lines} lines of handlers`),
    xw: (...args: string[]): Promise<XwResult> =>
      runXw(args, { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix, ...environment }),
  };
}
