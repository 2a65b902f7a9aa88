import { listWorkers } from '@xero-webhooks/queue';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../desk.ts';
import { FAILED } from '../page/desk-fault.ts';
import { HANDLERS_PATH } from '../paths.ts';
import { figuresOf } from './handler-figures.ts';
import { handlersContent } from './view.ts';

/** Events that the figures are of. */
const NEWEST = 2_000;

export async function mountHandlersPage(app: FastifyInstance, { site, search, redis }: Desk): Promise<void> {
  await site.mount(app, FAILED, (pages) => {
    pages.get(HANDLERS_PATH, async (_request, reply) => {
      const [{ events }, workers] = await Promise.all([
        search.find({}, NEWEST),
        listWorkers(redis.client, redis.prefix),
      ]);
      const content = handlersContent({ figures: figuresOf(events, workers), workers, events: events.length });
      return site.show(reply, { title: 'Handlers', path: HANDLERS_PATH, content });
    });
  });
}
