import { createHash } from 'node:crypto';
import { captureB, until } from '@xero-webhooks/testing';
import { expect } from 'vitest';
import type { OwnRedis } from '@xero-webhooks/testing';
import type { SteadyRequests } from './steady-requests.ts';
import { sendSteadily } from './steady-requests.ts';
import type { IngressProcess } from './system.ts';
import { post, startIngress } from './system.ts';

export const PREFIX = 'xw';
export const QUEUE = `${PREFIX}:xero-events-0`;

/** An ingress, and what holds for it whatever becomes of its Redis. */
export type TroubledIngress = {
  readonly process: IngressProcess;
  readonly requests: SteadyRequests;
  /** From some moment on, and until Redis is better, all events are refused. */
  outage(): Promise<void>;
  /** The same, of a Redis that answers all the same. */
  refusal(): Promise<void>;
  recovery(): Promise<void>;
  /** Every event that was accepted is in Redis, every other was refused in order, and the process is the same one. */
  nothingIsLost(redis: Pick<OwnRedis, 'client'>): Promise<void>;
};

/** Starts an ingress that requests come to from now on. */
export async function startTroubledIngress(redisUrl: string): Promise<TroubledIngress> {
  const environment = { REDIS_URL: redisUrl, ACK_DEADLINE_MS: '1500' };
  const process = await startIngress(PREFIX, environment, { withoutRedis: true });
  const requests = sendSteadily(process.url);

  async function refusal(): Promise<void> {
    const statuses = requests.watch();
    await requests.get(503, 60);
    await expectWhatNeedsNoRedis(process);
    expect(statuses()).toEqual([503]);
  }

  return {
    process,
    requests,
    refusal,
    async outage() {
      await refusal();
      await until(async () => (await readiness(process)) === 503, 'the ingress not to be ready');
      await refusal();
    },
    async recovery() {
      await requests.get(200);
      await requests.get(400);
      expect(await readiness(process)).toBe(200);
    },
    async nothingIsLost(redis) {
      await requests.stop();
      await expectStored(requests, redis);
      expectAsStarted(process);
    },
  };
}

/** The process runs, and has logged nothing uncaught, nothing that is no line of its log, and no refusal that is a bug. */
export function expectAsStarted(process: IngressProcess): void {
  expect([process.child.exitCode, process.child.signalCode]).toEqual([null, null]);
  expect(process.lines.filter((line) => line.level === 'fatal' || line.level === 'none' || 'err' in line)).toEqual([]);
}

async function readiness(process: IngressProcess): Promise<number> {
  return (await fetch(`${process.admin}/readyz`)).status;
}

async function expectWhatNeedsNoRedis(process: IngressProcess): Promise<void> {
  expect((await post(process.url, captureB.body)).status).toBe(200);
  expect((await post(process.url, captureB.body, { 'x-xero-signature': 'wrong' })).status).toBe(401);
  for (const where of [process.admin, new URL(process.url).origin]) {
    expect((await fetch(`${where}/healthz`)).status).toBe(200);
  }
}

async function expectStored({ answered }: SteadyRequests, redis: Pick<OwnRedis, 'client'>): Promise<void> {
  const client = redis.client();
  const jobs = new Set(
    (
      (await client.eval(
        `return { redis.call('LRANGE', KEYS[1], 0, -1), redis.call('LRANGE', KEYS[2], 0, -1), redis.call('ZRANGE', KEYS[3], 0, -1) }`,
        3,
        ...['wait', 'active', 'completed'].map((set) => `${QUEUE}:${set}`),
      )) as string[][]
    ).flat(),
  );
  for (const { status, keys, unreadable, retryAfter, text } of answered) {
    expect([200, 400, 503]).toContain(status);
    if (status !== 400) expect(text).toBe('');
    if (status === 503) expect(retryAfter).toBe('5');
    else {
      expect(keys.filter((key) => !jobs.has(key))).toEqual([]);
      if (unreadable) expect(await quarantined(client, unreadable)).toEqual(unreadable);
    }
  }
}

function quarantined(client: ReturnType<OwnRedis['client']>, body: Buffer): Promise<Buffer | null> {
  const id = createHash('sha256').update(body).digest('base64url');
  return client.hgetBuffer(`${PREFIX}:{quarantine}:${id}`, 'body');
}
