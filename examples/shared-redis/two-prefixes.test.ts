import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Redis } from 'ioredis';
import { openIngress } from 'xero-webhooks/ingress';
import { signedRequest } from 'xero-webhooks/testing';
import { runWorker } from './run-worker.ts';

const url = process.env.REDIS_URL ?? '';

test(
  'staging and production share a Redis, and neither has a key of the other',
  { skip: url === '' && 'needs REDIS_URL' },
  async (context) => {
    const redis = new Redis(url);
    context.after(() => redis.disconnect());
    const run = randomUUID().slice(0, 8);
    const before = new Set(await redis.keys('*'));
    const prefixes = { staging: `staging-${run}`, production: `production-${run}` };

    for (const [stage, redisPrefix] of Object.entries(prefixes)) {
      const ingress = await openIngress({ keys: [`key-of-${stage}`], redis: url, redisPrefix });
      const { headers, body } = signedRequest(['contact.updated'], `key-of-${stage}`);
      assert.equal((await ingress.receive(Buffer.from(body), headers)).status, 200);
      await ingress.close();
    }
    // The worker of one stage handles the event of that stage alone.
    assert.equal(await runWorker({ url, prefix: prefixes.staging, untilHandled: 1 }), 1);

    const keys = (await redis.keys('*')).filter((key) => !before.has(key));
    const strays = keys.filter((key) => !Object.values(prefixes).some((prefix) => key.startsWith(`${prefix}:`)));
    assert.deepEqual(strays, []);
    assert.equal(await redis.llen(`${prefixes.production}:xero-events-0:wait`), 1);
    assert.equal(await redis.llen(`${prefixes.staging}:xero-events-0:wait`), 0);
  },
);
