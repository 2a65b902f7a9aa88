import { serve } from '@hono/node-server';
import { openIngress } from 'xero-webhooks/ingress';
import { buildApp } from './app.ts';

const ingress = await openIngress({
  keys: [process.env.XERO_WEBHOOK_KEY!],
  redis: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
});
const server = serve({ fetch: buildApp(ingress).fetch, hostname: '127.0.0.1', port: 3000 });
// What is being stored is stored before the process ends.
process.once('SIGTERM', () => void server.close(() => void ingress.close()));
