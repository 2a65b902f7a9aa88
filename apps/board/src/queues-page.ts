import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { EventQueue } from '@xero-webhooks/queue';
import type { FastifyInstance } from 'fastify';
import { CONNECT_PATH, QUEUES_PATH } from './paths.ts';

/**
 * Mounts Bull Board, to look at. Its buttons are left out, and requests that would change something are refused: its
 * "empty" and "clean" delete events that have been acknowledged.
 *
 * @param basePath the path below which browsers see the board, without a slash at its end
 */
export async function mountQueuesPage(
  app: FastifyInstance,
  queues: readonly EventQueue[],
  basePath: string,
): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(`${basePath}${QUEUES_PATH}`);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })),
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'xero-webhooks',
        hideRedisDetails: false,
        miscLinks: [{ text: 'Connected organisations', url: `${basePath}${CONNECT_PATH}` }],
      },
    },
  });
  await app.register(async (page) => {
    page.addHook('onRequest', async (request, reply) => {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        await reply.code(405).header('allow', 'GET, HEAD').send('This page only shows.\n');
      }
    });
    await page.register(adapter.registerPlugin(), { prefix: QUEUES_PATH });
  });
  app.get('/', async (_request, reply) => reply.redirect(`${basePath}${QUEUES_PATH}`));
}
