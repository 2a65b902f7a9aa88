import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { signedRequest } from 'xero-webhooks/testing';
import { buildApp } from './app.ts';

const KEY = 'a-webhook-key';
const redis = process.env.REDIS_URL ?? '';
const needsRedis = { skip: redis === '' && 'needs REDIS_URL' };

test('the application receives webhooks beside its own routes', needsRedis, async () => {
  const app = await buildApp({ keys: [KEY], redis, redisPrefix: `example-${randomUUID().slice(0, 8)}` });
  const { body, ...request } = signedRequest(['invoice.updated'], KEY);
  const url = '/xero/webhook';

  const accepted = await app.inject({ ...request, url, payload: body });
  assert.deepEqual([accepted.statusCode, accepted.body], [200, '']);
  const spoilt = await app.inject({ ...request, url, payload: body.replace('INVOICE', 'CONTACT') });
  assert.equal(spoilt.statusCode, 401);
  const own = await app.inject({ method: 'POST', url: '/orders', payload: { number: 1 } });
  assert.deepEqual(own.json(), { received: { number: 1 } });
  await app.close();
});
