import { sign } from '@xero-webhooks/webhook';
import { xeroBody } from '@xero-webhooks/fake-xero';
import { expect, it } from 'vitest';
import { describeWithRedisBinary, openRaw, ownRedis, until } from '@xero-webhooks/testing';
import { PREFIX, QUEUE } from './support/ingress-in-trouble.ts';
import { numberedEvent } from './support/steady-requests.ts';
import { startIngress, TEST_KEY } from './support/system.ts';

function requestText(number: number): string {
  const body = xeroBody([numberedEvent(number)], number);
  return `POST /webhook HTTP/1.1\r\nhost: x\r\nx-xero-signature: ${sign(body, TEST_KEY)}\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n${String(body)}`;
}

describeWithRedisBinary('an ingress that is to stop', () => {
  it('answers first what it has and what is on its way, and closes', async () => {
    const redis = await ownRedis();
    const client = redis.client();
    const ingress = await startIngress(PREFIX, { REDIS_URL: redis.url });
    await client.client('PAUSE', 600_000, 'WRITE');
    const [first, second, third] = [requestText(1), requestText(2), requestText(3)];
    const begun = openRaw(ingress.url, third.slice(0, 30));
    const onItsWay = openRaw(ingress.url, second.slice(0, -30));
    const waiting = openRaw(ingress.url, first);
    const idle = openRaw(ingress.url);
    const taken = () => [onItsWay, waiting].every((connection) => connection.received().startsWith('HTTP/1.1 100'));
    await until(taken, 'the ingress to have taken both requests');

    ingress.child.kill('SIGTERM');
    expect(await idle.closed()).toEqual([]);
    onItsWay.socket.write(second.slice(-30));
    begun.socket.write(third.slice(30));
    await client.client('UNPAUSE');
    for (const connection of [waiting, onItsWay, begun]) {
      expect(await connection.closed()).toEqual([100, 200]);
      expect(connection.received()).toMatch(/^connection: close\r$/im);
    }
    expect(await ingress.ended).toEqual({ code: 0, signal: null });
    expect(await client.llen(`${QUEUE}:wait`)).toBe(3);
  });

  it('does not wait for what is never sent', async () => {
    const redis = await ownRedis();
    const ingress = await startIngress(PREFIX, { REDIS_URL: redis.url, SHUTDOWN_DEADLINE_MS: '2000' });
    const stalled = openRaw(ingress.url, requestText(1).slice(0, -1));
    expect((await fetch(ingress.url)).status).toBe(405);
    ingress.child.kill('SIGTERM');
    expect(await stalled.closed()).toEqual([100]);
    expect(await ingress.ended).toEqual({ code: 0, signal: null });
  });
});
