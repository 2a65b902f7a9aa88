import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

// The runtime's upper bound: verifies the signature, without a framework or a queue.
const { PORT, WEBHOOK_KEY = '' } = process.env;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const expected = createHmac('sha256', WEBHOOK_KEY).update(Buffer.concat(chunks)).digest('base64');
    const sent = String(request.headers['x-xero-signature']);
    const matches = sent.length === expected.length && timingSafeEqual(Buffer.from(sent), Buffer.from(expected));
    response.writeHead(matches ? 200 : 401, { 'content-length': '0' }).end();
  });
});
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
