import { signedHeaders, xeroBody } from '@xero-webhooks/fake-xero';
import { expect, it } from 'vitest';
import { describeWithRedisBinary, ownRedis, startProcess, until, waitingIn } from '@xero-webhooks/testing';
import type { AppProcess } from '@xero-webhooks/testing';
import { expectAsStarted, PREFIX, QUEUE } from './support/ingress-in-trouble.ts';
import { numberedEvent, XERO_PATIENCE_MS } from './support/steady-requests.ts';
import { post, startIngress, TEST_KEY } from './support/system.ts';

const CONNECTIONS = 100;
const BYTES_PER_SECOND = 10_000_000;
const GOOD_REQUESTS = 200;

/** Attacks an ingress from a process of its own, and waits until it is under way. */
async function startAttack(url: string, kind: string): Promise<AppProcess> {
  const attack = startProcess(['test/support/attack.ts', url, kind, String(CONNECTIONS), String(BYTES_PER_SECOND)], {});
  await attack.line(({ bytes }) => Number(bytes) > BYTES_PER_SECOND / 2, 'it was under way');
  return attack;
}

/** Sends signed requests as Xero does, every second one over a connection of its own. */
async function sendGood(url: string): Promise<number[]> {
  const statuses: number[] = [];
  let sent = 0;
  async function sender(): Promise<void> {
    while (sent < GOOD_REQUESTS) {
      const number = ++sent;
      const body = xeroBody([numberedEvent(number)], number);
      const answer = await fetch(url, {
        method: 'POST',
        body,
        headers: { ...signedHeaders(body, TEST_KEY), ...(number % 2 === 0 ? { connection: 'close' } : {}) },
        signal: AbortSignal.timeout(XERO_PATIENCE_MS),
      });
      statuses.push(answer.status);
    }
  }
  await Promise.all(Array.from({ length: 4 }, sender));
  return statuses;
}

describeWithRedisBinary('every signed request is accepted while a hundred connections send without a pause', () => {
  it.each([
    'chunks of one byte',
    'chunks of one byte, to another path',
    'chunks of one byte, with a method that is refused',
    'chunks with extensions',
    'requests for another path',
    'requests without a signature',
    'requests with a method that is refused',
    'requests with many headers',
    'bodies of one chunk',
  ])('%s', async (kind) => {
    const redis = await ownRedis();
    const ingress = await startIngress(PREFIX, { REDIS_URL: redis.url });
    const attack = await startAttack(ingress.url, kind);
    expect(new Set(await sendGood(ingress.url))).toEqual(new Set([200]));
    expect(attack.child.exitCode).toBeNull();
    expect(await waitingIn(redis.client(), QUEUE)).toBe(GOOD_REQUESTS);
    expectAsStarted(ingress);
  });
});

describeWithRedisBinary('an ingress that stood still itself', () => {
  it('says so, and does not blame its Redis', async () => {
    const redis = await ownRedis();
    const client = redis.client();
    const ingress = await startIngress(PREFIX, { REDIS_URL: redis.url, ACK_DEADLINE_MS: '1500' });
    const waiting = until(async () => /blocked_clients:[1-9]/.test(await client.info('clients')), 'a write to wait');
    await client.client('PAUSE', 600_000, 'WRITE');
    const body = xeroBody([numberedEvent(1)], 1);
    const answer = post(ingress.url, body);
    await waiting;
    ingress.child.kill('SIGSTOP');
    await client.client('UNPAUSE');
    // The time itself is what it is about: longer than a Redis may be silent.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    ingress.child.kill('SIGCONT');
    // Which of the two the process sees first, the reply or that its time is over, is chance.
    const { status } = await answer;
    expect([200, 503]).toContain(status);
    await until(async () => (await post(ingress.url, body)).status === 200, 'an event to be accepted');
    // The start warns of the tests' key.
    const told = ingress.lines.filter(({ level, msg }) => level !== 'info' && !msg.startsWith('a webhook key'));
    if (status === 503) expect(told.length).toBeGreaterThan(0);
    for (const { msg, reason = 'this process was too busy' } of told) {
      expect([msg, reason]).toEqual([
        expect.stringMatching(/^(lost the connection to Redis: this process was too busy|request refused.*)$/),
        'this process was too busy',
      ]);
    }
  });
});
