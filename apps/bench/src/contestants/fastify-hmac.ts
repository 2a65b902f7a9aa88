import { createHmac, timingSafeEqual } from 'node:crypto';
import Fastify from 'fastify';

// The framework's upper bound: verifies the signature and has no queue.
const { PORT, WEBHOOK_KEY = '' } = process.env;

const app = Fastify({ logger: false });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/webhook', async (request, reply) => {
  const expected = createHmac('sha256', WEBHOOK_KEY)
    .update(request.body as Buffer)
    .digest('base64');
  const sent = String(request.headers['x-xero-signature']);
  const matches = sent.length === expected.length && timingSafeEqual(Buffer.from(sent), Buffer.from(expected));
  return reply.code(matches ? 200 : 401).send();
});
await app.listen({ host: '127.0.0.1', port: Number(PORT) });
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
