import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { signedRequest } from 'xero-webhooks/testing';

const KEY = 'a-webhook-key';
const redis = process.env.REDIS_URL ?? '';
const needsRedis = { skip: redis === '' && 'needs REDIS_URL' };

test('the function receives webhooks, their bodies as text or in base64', needsRedis, async () => {
  process.env.XERO_WEBHOOK_KEY = KEY;
  process.env.REDIS_PREFIX = `example-${randomUUID().slice(0, 8)}`;
  const { handler, close } = await import('./handler.ts');
  const { headers, body } = signedRequest(['invoice.updated'], KEY);
  const send = (text: string, isBase64Encoded: boolean) =>
    handler({ headers, body: text, isBase64Encoded } as unknown as Parameters<typeof handler>[0]);

  assert.equal((await send(body, false)).statusCode, 200);
  assert.equal((await send(Buffer.from(body).toString('base64'), true)).statusCode, 200);
  assert.equal((await send(body.replace('INVOICE', 'CONTACT'), false)).statusCode, 401);
  await close();
});
