import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { EventQueue } from '@xero-webhooks/queue';
import type { FastifyInstance } from 'fastify';

const PATH = '/queues';

/**
 * Mounts Bull Board, to look at. Its buttons are left out, and requests that would change something are refused: its
 * "empty" and "clean" delete events that have been acknowledged.
 */
export async function mountQueuesPage(app: FastifyInstance, queues: readonly EventQueue[]): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(PATH);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'xero-webhooks',
        hideRedisDetails: false,
        miscLinks: [{ text: 'Connected organisations', url: '/connect' }],
      },
    },
  });
  await app.register(async (page) => {
    page.addHook('onRequest', async (request, reply) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        await reply.code(405).header('allow', 'GET, HEAD').send('This page only shows.\n');
      }
    });
    await page.register(adapter.registerPlugin(), { prefix: PATH });
  });
  app.get('/', async (_request, reply) => reply.redirect(PATH));
}
