import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { signedRequest } from 'xero-webhooks/testing';
import { openIngress } from 'xero-webhooks/ingress';
import { buildApp } from './app.ts';

const KEY = 'a-webhook-key';
const redis = process.env.REDIS_URL ?? '';
const needsRedis = { skip: redis === '' && 'needs REDIS_URL' };

test('the application receives webhooks beside its own routes', needsRedis, async () => {
  const ingress = await openIngress({ keys: [KEY], redis, redisPrefix: `example-${randomUUID().slice(0, 8)}` });
  const app = buildApp(ingress);
  const request = signedRequest(['invoice.updated'], KEY);

  const accepted = await app.request('/xero/webhook', request);
  assert.deepEqual([accepted.status, await accepted.text()], [200, '']);
  const spoilt = await app.request('/xero/webhook', { ...request, body: request.body.replace('INVOICE', 'CONTACT') });
  assert.equal(spoilt.status, 401);
  const own = await app.request('/orders', { ...request, body: '{"number":1}' });
  assert.deepEqual(await own.json(), { received: { number: 1 } });
  await ingress.close();
});
