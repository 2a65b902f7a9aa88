import type { Express } from 'express';
import express from 'express';
import type { Ingress } from 'xero-webhooks/ingress';
import { answerHttp } from 'xero-webhooks/ingress';

/** An application with a route of its own, and one for Xero. */
export function buildApp(ingress: Ingress): Express {
  const app = express();
  // Before any parser: the signature is over the raw bytes.
  app.all('/xero/webhook', async (request, response) => {
    const handled = await ingress.handle(request);
    if (handled.outcome === 'answer') answerHttp(request, response, handled.answer);
  });
  app.use(express.json());
  app.post('/orders', (request, response) => void response.json({ received: request.body }));
  return app;
}
