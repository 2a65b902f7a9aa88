import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { signedRequest } from 'xero-webhooks/testing';
import { POST } from './app/xero/webhook/route.ts';

const KEY = 'a-webhook-key';
const redis = process.env.REDIS_URL ?? '';
const needsRedis = { skip: redis === '' && 'needs REDIS_URL' };

test('the route receives webhooks', needsRedis, async () => {
  process.env.XERO_WEBHOOK_KEY = KEY;
  process.env.REDIS_PREFIX = `example-${randomUUID().slice(0, 8)}`;
  const request = signedRequest(['invoice.updated'], KEY);
  const url = 'http://localhost/xero/webhook';

  const accepted = await POST(new Request(url, request));
  assert.deepEqual([accepted.status, await accepted.text()], [200, '']);
  const spoilt = await POST(new Request(url, { ...request, body: request.body.replace('INVOICE', 'CONTACT') }));
  assert.equal(spoilt.status, 401);
  // Next.js keeps the process, and with it the connection to Redis.
  setImmediate(() => process.exit());
});
