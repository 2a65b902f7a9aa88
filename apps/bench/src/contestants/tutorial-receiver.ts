import { Queue } from 'bullmq';
import { startExpressReceiver } from './express-receiver.ts';

// BullMQ as tutorials show it: `await queue.add` for each event.
const queue = new Queue('xero-webhooks', { connection: { url: process.env['REDIS_URL'] ?? '' } });
await queue.waitUntilReady();
startExpressReceiver((event) =>
  queue.add(`${event.eventCategory}.${event.eventType}`, event, { removeOnComplete: true }),
);
