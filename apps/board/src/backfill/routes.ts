import { readableTenants, startBackfill } from '@xero-webhooks/operations';
import type { Backfill } from '@xero-webhooks/backfill';
import { sumOf } from '@xero-webhooks/backfill';
import { listWorkers } from '@xero-webhooks/queue';
import { RESOURCE_CATEGORIES } from '@xero-webhooks/webhook';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../desk.ts';
import { changes } from '../page/changes.ts';
import { FAILED, NO_BACKFILL, NO_ORGANISATION, NO_READER, NO_SPAN } from '../page/desk-fault.ts';
import { livePath, sendChanges } from '../page/live.ts';
import { BACKFILL_PATH } from '../paths.ts';
import { backfillContent } from './backfill-view.ts';
import { backfillPath, backfillsContent } from './view.ts';

const DAY_MS = 86_400_000;

type Id = { Params: { id: string } };

/** Adds the page that begins a backfill, and one for each of the latest. */
export async function mountBackfillPages(app: FastifyInstance, desk: Desk): Promise<void> {
  const { site, backfills, readOnly, redis, by, listTenants } = desk;

  async function canRead(): Promise<boolean> {
    return (await listWorkers(redis.client, redis.prefix)).some(({ readsXero }) => readsXero);
  }

  await site.mount(app, FAILED, (pages) => {
    pages.get<{ Querystring: Record<string, unknown> }>(BACKFILL_PATH, async (request, reply) => {
      const [latest, tenants, isPossible] = await Promise.all([backfills.list(), listTenants(), canRead()]);
      const content = backfillsContent({
        latest,
        tenants: readableTenants(tenants),
        isPossible,
        since: timeOf(request.query['since']) ?? Date.now() - DAY_MS,
        until: timeOf(request.query['until']),
        readOnly,
        formField: site.forms.field(request, reply),
        link: site.link,
      });
      return site.show(reply, { title: 'Backfill', path: BACKFILL_PATH, content });
    });

    pages.get<Id>(`${BACKFILL_PATH}/:id`, async (request, reply) => {
      const backfill = await backfills.read(request.params.id);
      if (!backfill) return site.showFault(reply, NO_BACKFILL);
      const content = backfillContent({
        backfill,
        tenants: await listTenants(),
        live: livePath(`${backfillPath(backfill.id)}/live`, shownOf(backfill)),
        readOnly,
        formField: site.forms.field(request, reply),
        link: site.link,
      });
      return site.show(reply, { title: 'Backfill', path: BACKFILL_PATH, content });
    });

    pages.get<Id>(`${BACKFILL_PATH}/:id/live`, async (request, reply) =>
      sendChanges(request, reply, async () => {
        const backfill = await backfills.read(request.params.id);
        return backfill ? shownOf(backfill) : '';
      }),
    );

    const plan = changes(desk, async (_request, reply, fields) => {
      const [since, until] = [timeOf(`${fields.get('since')}Z`), timeOf(`${fields.get('until')}Z`)];
      if (since === undefined || since >= (until ?? Date.now())) return site.showFault(reply, NO_SPAN);
      if (!(await canRead())) return site.showFault(reply, NO_READER);
      const [tenant, category] = [fields.get('tenant'), fields.get('category')];
      const tenantIds = readableTenants(await listTenants())
        .map(({ tenantId }) => tenantId)
        .filter((tenantId) => !tenant || tenantId === tenant);
      if (tenantIds.length === 0) return site.showFault(reply, NO_ORGANISATION);
      const categories = RESOURCE_CATEGORIES.filter((each) => !category || each === category);
      const id = await backfills.plan({ since, until, tenantIds, categories, by });
      return site.redirect(reply, backfillPath(id));
    });
    pages.post(BACKFILL_PATH, plan);

    const start = changes<Id>(desk, async (request, reply) => {
      const backfill = await backfills.read(request.params.id);
      if (!backfill) return site.showFault(reply, NO_BACKFILL);
      await startBackfill(desk, backfill);
      return site.redirect(reply, backfillPath(backfill.id));
    });
    pages.post<Id>(`${BACKFILL_PATH}/:id/start`, start);

    const stop = changes<Id>(desk, async (request, reply) => {
      await backfills.stop(request.params.id);
      return site.redirect(reply, backfillPath(request.params.id));
    });
    pages.post<Id>(`${BACKFILL_PATH}/:id/stop`, stop);
  });
}

/** In milliseconds since 1970. */
function timeOf(text: unknown): number | undefined {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** What is another where the page is. */
function shownOf(backfill: Backfill): string {
  return JSON.stringify(sumOf(backfill));
}
