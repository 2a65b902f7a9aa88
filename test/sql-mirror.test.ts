import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FakeXero } from '@xero-webhooks/fake-xero';
import { describeWithRedisBinary, ownRedis, ROOT, until } from '@xero-webhooks/testing';
import type { ResourceCategory } from '@xero-webhooks/webhook';
import { RESOURCE_CATEGORIES, RESOURCE_KINDS } from '@xero-webhooks/webhook';
import { readJson } from '@xero-webhooks/xero';
import { expect, it, onTestFinished } from 'vitest';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import { runXw } from './support/run-xw.ts';
import { startIngress, startWorker, TEST_KEY } from './support/system.ts';
import { startTokenService } from './support/token-service.ts';
import { organisations } from './support/xero-system.ts';

const PREFIX = 'mirrored';

/** All resources of a category, by organisation and id, as the fake has them. */
async function booksOf(xero: FakeXero, category: ResourceCategory): Promise<Map<string, string>> {
  const { path, id } = RESOURCE_KINDS[category];
  const { access_token: token } = xero.grant();
  const books = new Map<string, string>();
  for (const { tenantId } of xero.organisations) {
    const url = `${xero.url}/api.xro/2.0/${path}?page=1&pageSize=1000&includeArchived=true`;
    const response = await fetch(url, { headers: { authorization: `Bearer ${token}`, 'xero-tenant-id': tenantId } });
    const answer = readJson(await response.text()) as Record<string, Record<string, unknown>[]>;
    for (const resource of answer[path]!) books.set(`${tenantId} ${String(resource[id])}`, JSON.stringify(resource));
  }
  return books;
}

describeWithRedisBinary('the copy of the books in SQL', () => {
  it('equals Xero, row by row, after a day without webhooks, a lost Redis and one backfill', async () => {
    const xero = await startFakeXero({ organisations: organisations(10) });
    onTestFinished(xero.stop);
    const { organisations: all } = xero;
    xero.changeAll(
      Array.from({ length: 2_000 }, (_, index) => ({
        category: RESOURCE_CATEGORIES[Math.floor(index / 10) % RESOURCE_CATEGORIES.length]!,
        tenantId: all[index % 10]!.tenantId,
        notify: false,
      })),
    );
    // The Redis of before is lost: this one is empty.
    const redis = await ownRedis();
    const service = await startTokenService(xero);
    const file = join(mkdtempSync(join(tmpdir(), 'xw-mirror-')), 'books.db');
    const environment = { REDIS_URL: redis.url, XERO_API_URL: xero.url, ...service.environment, MIRROR_FILE: file };
    const ingress = await startIngress(PREFIX, environment);
    xero.webhook.setTarget({ url: ingress.url, key: TEST_KEY });
    const handlers = `${ROOT}examples/sql-mirror/handlers.ts`;
    await Promise.all([startWorker(PREFIX, handlers, environment), startWorker(PREFIX, handlers, environment)]);

    const tenants = all.map(({ tenantId }) => tenantId);
    const words = ['backfill', '--since', '2000-01-01', '--tenant', ...tenants, '--yes', '--json'];
    const filling = runXw(words, { REDIS_URL: redis.url, REDIS_PREFIX: PREFIX });
    // What changes meanwhile comes by webhook, also of what is being read.
    for (const tenantId of tenants) {
      for (const category of RESOURCE_CATEGORIES) {
        const resourceId = xero.resourceIds(category, tenantId)[0]!;
        xero.change({ category, tenantId, resourceId });
      }
    }
    const filled = await filling;
    expect(JSON.parse(filled.stdout)).toMatchObject({ state: 'done', organisations: 10, troubles: [] });

    const database = new DatabaseSync(file, { readOnly: true });
    onTestFinished(() => database.close());
    const rowsOf = (category: ResourceCategory): Map<string, string> =>
      new Map(
        database
          .prepare(`SELECT tenant_id, id, json FROM ${category}`)
          .all()
          .map(({ tenant_id: tenantId, id, json }) => [`${String(tenantId)} ${String(id)}`, String(json)]),
      );
    for (const category of RESOURCE_CATEGORIES) {
      const books = await booksOf(xero, category);
      const isSame = (): boolean => {
        const rows = rowsOf(category);
        return rows.size === books.size && [...books].every(([id, json]) => rows.get(id) === json);
      };
      await until(isSame, `the table ${category} to be as Xero`, 60_000).catch(() => {});
      expect(Object.fromEntries(rowsOf(category))).toEqual(Object.fromEntries(books));
    }
    const usage = tenants.map((tenantId) => xero.usage(tenantId).tooManyRequests);
    expect(usage).toEqual(Array<number>(10).fill(0));
  });
});
