import { createHmac, timingSafeEqual } from 'node:crypto';
import { Queue } from 'bullmq';
import express from 'express';

// The receiver that tutorials show: Express, the raw body, the signature, `await queue.add` for each event.
const { PORT, REDIS_URL: url = '', WEBHOOK_KEY = '' } = process.env;

const queue = new Queue('xero-webhooks', { connection: { url } });
await queue.waitUntilReady();

const app = express();
app.post('/webhook', express.raw({ type: '*/*', limit: '5mb' }), async (request, response) => {
  const body = request.body as Buffer;
  const expected = createHmac('sha256', WEBHOOK_KEY).update(body).digest('base64');
  const sent = request.get('x-xero-signature') ?? '';
  if (sent.length !== expected.length || !timingSafeEqual(Buffer.from(sent), Buffer.from(expected))) {
    response.status(401).end();
    return;
  }
  const { events } = JSON.parse(body.toString()) as { events: { eventCategory: string; eventType: string }[] };
  for (const event of events) {
    await queue.add(`${event.eventCategory}.${event.eventType}`, event, { removeOnComplete: true });
  }
  response.status(200).end();
});

app.listen(Number(PORT), '127.0.0.1', (error) => {
  if (error) throw error;
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
