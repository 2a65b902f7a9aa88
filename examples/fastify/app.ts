import type { FastifyInstance } from 'fastify';
import Fastify from 'fastify';
import { xeroWebhooks } from 'xero-webhooks/ingress';

type Options = { keys: string[]; redis: string; redisPrefix?: string };

/** An application with a route of its own, and one for Xero. */
export async function buildApp(options: Options): Promise<FastifyInstance> {
  const app = Fastify({ logger: true });
  await app.register(xeroWebhooks, { ...options, path: '/xero/webhook' });
  app.post('/orders', async (request) => ({ received: request.body }));
  return app;
}
