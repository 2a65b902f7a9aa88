import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openIngress } from 'xero-webhooks/ingress';
import { sampleEvent, signedRequest, startFakeXero } from 'xero-webhooks/testing';
import { accessToken } from './handlers.ts';

const redis = process.env.REDIS_URL ?? '';
const options = { refresh: false, signal: new AbortController().signal };

test('a worker reads with tokens of the service', { skip: redis === '' && 'needs REDIS_URL' }, async () => {
  const xero = await startFakeXero();
  const { tenantId } = xero.organisations[0]!;
  const tokens = createServer((request, response) => {
    if (!request.url?.includes(tenantId)) return void response.writeHead(404).end();
    const expires = new Date(Date.now() + 1_800_000).toISOString();
    response.end(JSON.stringify({ token: xero.grant().access_token, expires }));
  });
  tokens.listen(0, '127.0.0.1');
  await once(tokens, 'listening');
  process.env.TOKEN_SERVICE_URL = `http://127.0.0.1:${(tokens.address() as AddressInfo).port}`;
  assert.equal(await accessToken('another-organisation', options), null);

  const prefix = `example-${randomUUID().slice(0, 8)}`;
  const ingress = await openIngress({ keys: ['k'], redis, redisPrefix: prefix });
  const { resourceId } = xero.change({ category: 'contact', fields: { Name: 'Ridgeway' }, notify: false });
  const { headers, body } = signedRequest([sampleEvent('contact.updated', { resourceId, tenantId })], 'k');
  assert.equal((await ingress.receive(Buffer.from(body), headers)).status, 200);
  await ingress.close();

  const worker = spawn('npx', ['xero-webhooks', 'worker'], {
    env: {
      ...process.env,
      REDIS_PREFIX: prefix,
      HANDLERS: 'handlers.ts',
      XERO_API_URL: xero.url,
      WORKER_ADMIN_PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(worker, 'exit');
  for await (const line of createInterface({ input: worker.stdout })) {
    const { msg, name } = JSON.parse(line) as { msg: string; name?: string };
    if (msg !== 'contact changed') continue;
    assert.equal(name, 'Ridgeway');
    break;
  }
  // With all that npx has started.
  process.kill(-worker.pid!, 'SIGTERM');
  await ended;
  tokens.close();
  await xero.stop();
});
