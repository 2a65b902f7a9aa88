import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { testHandlers } from 'xero-webhooks/testing';

const KEY = randomBytes(32);
const SECRET = `whsec_${KEY.toString('base64')}`;
const NEXT_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

async function startReceiver(command: string, file: string) {
  const RECEIVED_FILE = join(mkdtempSync(join(tmpdir(), 'receiver-')), 'received.db');
  const env = { ...process.env, PORT: '0', RECEIVED_FILE, FORWARD_SECRET: SECRET };
  const child = spawn(command, [join(import.meta.dirname, file)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  after(() => child.kill());
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return {
    url: `http://127.0.0.1:${line.split(' ').at(-1)}/`,
    rows: () => new DatabaseSync(RECEIVED_FILE).prepare('SELECT id, type FROM received').all().map(Object.values),
  };
}

/** Posts a message as somebody else would. */
async function post(url: string, { key = KEY, at = Math.floor(Date.now() / 1000) } = {}): Promise<number> {
  const body = JSON.stringify({ data: { event: { name: 'invoice.updated', resourceId: 'i' } } });
  const signature = createHmac('sha256', key).update(`forged.${at}.${body}`).digest('base64');
  const headers = { 'webhook-id': 'forged', 'webhook-timestamp': String(at), 'webhook-signature': `v1,${signature}` };
  return (await fetch(url, { method: 'POST', headers, body })).status;
}

for (const [command, file] of [
  ['python3', 'receiver.py'],
  [process.execPath, 'receiver.js'],
] as const) {
  test(`${file} handles each event once, and nothing that is not signed`, async () => {
    const { url, rows } = await startReceiver(command, file);
    const handlers = await testHandlers((on) =>
      on('*', { name: 'forward' }, (_event, context) => context.forward(url, { secret: SECRET, include: 'resource' })),
    );
    after(() => handlers.close());
    const event = { resourceId: '1b2c3d4e-0000-4000-8000-000000000001', eventDateUtc: '2026-01-01T00:00:00' };
    for (let time = 0; time < 2; time++) {
      assert.equal((await handlers.emit('invoice.updated', event))['forward']?.outcome, 'succeeded');
    }
    const key = (await handlers.emit('contact.created'))['forward']?.idempotencyKey;
    assert.deepEqual([rows().length, rows().at(-1)], [2, [key, 'contact.created']]);

    const now = Math.floor(Date.now() / 1000);
    assert.equal(await post(url, { key: randomBytes(32) }), 401);
    assert.equal(await post(url, { at: now - 600 }), 401);
    assert.equal((await fetch(url, { method: 'POST', body: '{}' })).status, 401);
    assert.equal(rows().length, 2);
    assert.equal(await post(url), 204);
  });
}
