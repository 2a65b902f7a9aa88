import { Hono } from 'hono';
import type { Ingress } from 'xero-webhooks/ingress';

/** An application with a route of its own, and one for Xero. */
export function buildApp(ingress: Ingress): Hono {
  const app = new Hono();
  app.post('/xero/webhook', async (context) => {
    const rawBody = new Uint8Array(await context.req.arrayBuffer());
    const { status, headers, body } = await ingress.receive(rawBody, context.req.header());
    // Xero wants no body, and no type of one.
    return new Response(body === '' ? null : body, { status, headers });
  });
  app.post('/orders', async (context) => context.json({ received: await context.req.json<unknown>() }));
  return app;
}
