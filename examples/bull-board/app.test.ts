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

test('a Bull Board shows the queue, and the event in it', needsRedis, async () => {
  const prefix = `example-${randomUUID().slice(0, 8)}`;
  const ingress = await openIngress({ keys: [KEY], redis, redisPrefix: prefix });
  const { headers, body } = signedRequest(['invoice.updated'], KEY);
  assert.equal((await ingress.receive(Buffer.from(body), headers)).status, 200);

  const { app, close } = buildApp({ redis, prefix });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/queues/api/queues?activeQueue=xero-events-0&status=waiting`);
  const { queues: shown } = (await answer.json()) as { queues: { name: string; jobs: { name: string }[] }[] };
  assert.deepEqual(
    shown.map(({ name, jobs }) => [name, jobs.map((job) => job.name)]),
    [['xero-events-0', ['invoice.updated']]],
  );

  server.closeAllConnections();
  server.close();
  close();
  await ingress.close();
});
