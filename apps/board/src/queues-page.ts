import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { EventQueue } from '@xero-webhooks/queue';
import type { FastifyInstance } from 'fastify';
import type { NavigationEntry } from './page/frame.ts';
import type { Site } from './page/site.ts';
import { QUEUES_PATH } from './paths.ts';

/** The policy refuses them, and browsers would report that on every page; the system's fonts take their place. */
const WEB_FONTS = /<link\b[^>]*\bhref="https:\/\/fonts\.[^>]*>/g;

type Options = {
  queues: readonly EventQueue[];
  site: Site;
  /** What Bull Board's own menu links to. */
  navigation: readonly NavigationEntry[];
};

/**
 * Mounts Bull Board, read-only. Its buttons are hidden, and requests that would change something are refused: its "empty"
 * and "clean" delete events that have been acknowledged.
 */
export async function mountQueuesPage(app: FastifyInstance, { queues, site, navigation }: Options): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(site.link(QUEUES_PATH));
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'xero-webhooks',
        hideRedisDetails: false,
        miscLinks: navigation
          .filter(({ path }) => path !== QUEUES_PATH)
          .map(({ label, path }) => ({ text: label, url: site.link(path) })),
      },
    },
  });
  await app.register(async (page) => {
    page.addHook('onRequest', async (request, reply) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        await reply.code(405).header('allow', 'GET, HEAD').send('This page is read-only.\n');
      }
    });
    page.addHook('onSend', async (_request, reply, payload) => {
      const isPage = String(reply.getHeader('content-type')).startsWith('text/html');
      return isPage && typeof payload === 'string' ? payload.replaceAll(WEB_FONTS, '') : payload;
    });
    await page.register(adapter.registerPlugin(), { prefix: QUEUES_PATH });
  });
}
