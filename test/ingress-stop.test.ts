import { sign } from '@xero-webhooks/webhook';
import { xeroBody } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { until } from './support/app-process.ts';
import { PREFIX, QUEUE } from './support/ingress-in-trouble.ts';
import { ownRedis } from './support/own-redis.ts';
import { openRaw } from './support/raw-http.ts';
import { describeWithRedisBinary } from './support/redis.ts';
import { numberedEvent } from './support/steady-requests.ts';
import { startIngress, TEST_KEY } from './support/system.ts';

function requestText(number: number): string {
  const body = xeroBody([numberedEvent(number)], number);
  return `POST /webhook HTTP/1.1\r\nhost: x\r\nx-xero-signature: ${sign(body, TEST_KEY)}\r\ncontent-length: ${body.length}\r\n\r\n${String(body)}`;
}

describeWithRedisBinary('an ingress that is to stop', () => {
  it('answers first what it has, and what still comes over the same connection', async () => {
    const redis = await ownRedis();
    const client = redis.client();
    const ingress = await startIngress(PREFIX, { REDIS_URL: redis.url });
    await client.client('PAUSE', 600_000, 'WRITE');
    const connection = openRaw(ingress.url, requestText(1));
    await until(async () => /blocked_clients:[1-9]/.test(await client.info('clients')), 'an event to wait for Redis');
    ingress.child.kill('SIGTERM');
    await ingress.line(({ msg }) => msg === 'stopping');
    connection.socket.write(requestText(2));
    await client.client('UNPAUSE');
    expect(await connection.closed()).toEqual([200, 200]);
    expect(await ingress.ended).toEqual({ code: 0, signal: null });
    expect(await client.llen(`${QUEUE}:wait`)).toBe(2);
  });
});
