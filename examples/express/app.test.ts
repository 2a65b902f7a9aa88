import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { signedRequest } from 'xero-webhooks/testing';
import { openIngress } from 'xero-webhooks/ingress';
import { buildApp } from './app.ts';

const KEY = 'a-webhook-key';
const redis = process.env.REDIS_URL ?? '';
const needsRedis = { skip: redis === '' && 'needs REDIS_URL' };

test('the application receives webhooks beside its own routes', needsRedis, async () => {
  const ingress = await openIngress({ keys: [KEY], redis, redisPrefix: `example-${randomUUID().slice(0, 8)}` });
  const server = buildApp(ingress).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const request = signedRequest(['invoice.updated'], KEY);

  const accepted = await fetch(`${url}/xero/webhook`, request);
  assert.deepEqual([accepted.status, await accepted.text()], [200, '']);
  const spoilt = await fetch(`${url}/xero/webhook`, { ...request, body: request.body.replace('INVOICE', 'CONTACT') });
  assert.equal(spoilt.status, 401);
  assert.equal((await fetch(`${url}/xero/webhook`)).status, 405);
  const own = await fetch(`${url}/orders`, { ...request, body: '{"number":1}' });
  assert.deepEqual(await own.json(), { received: { number: 1 } });

  server.closeAllConnections();
  server.close();
  await ingress.close();
});
