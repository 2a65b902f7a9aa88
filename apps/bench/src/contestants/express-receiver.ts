import { createHmac, timingSafeEqual } from 'node:crypto';
import express from 'express';

/** An event as Xero sends it. */
export type SentEvent = { readonly eventCategory: string; readonly eventType: string; readonly resourceId: string };

/**
 * The receiver that tutorials show: Express, the raw body, the signature, and the queue for each event. The environment
 * names its port and its key.
 *
 * @param add puts an event into the queue
 */
export function startExpressReceiver(add: (event: SentEvent) => Promise<unknown>): void {
  const { PORT, WEBHOOK_KEY = '' } = process.env;
  const app = express();
  app.post('/webhook', express.raw({ type: '*/*', limit: '5mb' }), async (request, response) => {
    const body = request.body as Buffer;
    const expected = createHmac('sha256', WEBHOOK_KEY).update(body).digest('base64');
    const sent = request.get('x-xero-signature') ?? '';
    if (sent.length !== expected.length || !timingSafeEqual(Buffer.from(sent), Buffer.from(expected))) {
      response.status(401).end();
      return;
    }
    const { events } = JSON.parse(body.toString()) as { events: SentEvent[] };
    for (const event of events) await add(event);
    response.status(200).end();
  });
  app.listen(Number(PORT), '127.0.0.1', (error) => {
    if (error) throw error;
  });
  process.once('SIGTERM', () => process.exit(0));
  process.once('disconnect', () => process.exit(0));
}
