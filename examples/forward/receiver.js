// Receives forwarded events, and handles each once. FORWARD_SECRET=whsec_… node receiver.js
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';

const key = Buffer.from(process.env.FORWARD_SECRET.replace('whsec_', ''), 'base64');
const db = new DatabaseSync(process.env.RECEIVED_FILE ?? 'received.db');
db.exec('CREATE TABLE IF NOT EXISTS received (id TEXT PRIMARY KEY, type TEXT, resource_id TEXT)');
const insert = db.prepare('INSERT OR IGNORE INTO received VALUES (?, ?, ?)');

function isGenuine({ 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures = '' }, body) {
  // Nobody may repeat an old message.
  const isRecent = Math.abs(Date.now() / 1000 - Number(at)) < 300;
  const mac = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest();
  const sent = signatures.split(' ').map((one) => Buffer.from(one.replace('v1,', ''), 'base64'));
  return isRecent && sent.some((one) => one.length === mac.length && timingSafeEqual(one, mac));
}

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  if (!isGenuine(request.headers, body)) return response.writeHead(401).end();
  const { event } = JSON.parse(body).data;
  const row = [request.headers['webhook-id'], event.name, event.resourceId];
  // What the event changes in your database belongs into the same transaction.
  if (insert.run(...row).changes === 1) console.log('handled', ...row);
  response.writeHead(204).end();
});
server.listen(process.env.PORT ?? 5000, '127.0.0.1', () => console.log('listening on port', server.address().port));
