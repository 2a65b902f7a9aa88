import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { Queue } from 'bullmq';

// Answers every request but drops the events of one in forty. The test checks that the benchmark notices.
const { PORT, REDIS_URL: url = '' } = process.env;

const queue = new Queue('forgetful', { connection: { url } });
await queue.waitUntilReady();
let received = 0;

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { events = [] } = JSON.parse((await buffer(request)).toString()) as { events?: object[] };
  received += 1;
  if (received % 40 !== 0) await queue.addBulk(events.map((data) => ({ name: 'event', data })));
  response.writeHead(200, { 'content-length': '0' }).end();
}

const server = createServer((request, response) => void receive(request, response));
server.listen(Number(PORT), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
