import { createReadSystem, listAlerts } from '@xero-webhooks/monitoring';
import { readWebhookHealth } from '@xero-webhooks/queue';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../desk.ts';
import { figuresOf } from '../handlers/handler-figures.ts';
import { FAILED } from '../page/desk-fault.ts';
import { livePath, sendChanges } from '../page/live.ts';
import { OVERVIEW_PATH } from '../paths.ts';
import { minutesOf } from './minutes.ts';
import type { OverviewPage } from './view.ts';
import { overviewContent } from './view.ts';

/** The span of the chart, in minutes, and the events that it is drawn from at most. */
const MINUTES = 30;
const NEWEST = 3_000;

/** Events in trouble that are listed. */
const TROUBLED = 10;

export async function mountOverview(app: FastifyInstance, desk: Desk): Promise<void> {
  const { site, search, redis } = desk;
  const readSystem = createReadSystem(desk);
  await site.mount(app, FAILED, (pages) => {
    pages.get(OVERVIEW_PATH, async (_request, reply) => {
      const now = Date.now();
      const [alerts, system, webhook, backfills, tenants, recent, troubled] = await Promise.all([
        listAlerts(redis.client, redis.prefix),
        readSystem(),
        readWebhookHealth(redis.client, redis.prefix),
        desk.backfills.list(),
        desk.listTenants(),
        search.find({ since: now - MINUTES * 60_000 }, NEWEST),
        search.find({ states: ['failing', 'parked', 'dead'] }, TROUBLED),
      ]);
      const span = { now, minutes: MINUTES, complete: recent.next === undefined };
      const minutes = minutesOf(recent.events, span);
      const content = overviewContent({
        alerts,
        system,
        webhook,
        backfills,
        minutes,
        handlers: figuresOf(recent.events, []),
        tenants,
        troubled: troubled.events,
        live: livePath(`${OVERVIEW_PATH}live`, shownOf({ alerts, system, webhook })),
        link: site.link,
      });
      return site.show(reply, { title: 'Overview', path: OVERVIEW_PATH, content });
    });

    pages.get(`${OVERVIEW_PATH}live`, async (request, reply) =>
      sendChanges(request, reply, async () => {
        const [alerts, system, webhook] = await Promise.all([
          listAlerts(redis.client, redis.prefix),
          readSystem(),
          readWebhookHealth(redis.client, redis.prefix),
        ]);
        return shownOf({ alerts, system, webhook });
      }),
    );
  });
}

/** What is another where the page is; once a minute it is, as times go on. */
function shownOf({ alerts, system, webhook }: Pick<OverviewPage, 'alerts' | 'system' | 'webhook'>): string {
  const { waitingSince: _, ...counts } = system;
  return JSON.stringify([alerts.map(({ text }) => text), counts, webhook, Math.floor(Date.now() / 60_000)]);
}
