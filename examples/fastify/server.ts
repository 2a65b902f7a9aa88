import { buildApp } from './app.ts';

const app = await buildApp({
  keys: [process.env.XERO_WEBHOOK_KEY!],
  redis: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
});
await app.listen({ host: '127.0.0.1', port: 3000 });
// What is being stored is stored before the process ends.
process.once('SIGTERM', () => void app.close());
