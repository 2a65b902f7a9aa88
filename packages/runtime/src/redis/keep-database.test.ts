import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalRedis } from '@xero-webhooks/local-redis';
import { findRedisBinary, startRedisBinary } from '@xero-webhooks/local-redis';
import type { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { describeWithRedisBinary, testClient } from '@xero-webhooks/testing';
import { createLogger } from '../logger.ts';
import type { RedisConnections } from './connect.ts';
import { createRedisConnections } from './connect.ts';

async function ownRedis(...args: string[]): Promise<LocalRedis> {
  const dir = mkdtempSync(join(tmpdir(), 'xw-redis-'));
  const redis = await startRedisBinary(findRedisBinary(process.env['PATH']!)!, { dir, args });
  onTestFinished(redis.stop);
  return redis;
}

function connectionsTo(REDIS_URL: string): RedisConnections {
  const nowhereElse = { REDIS_SENTINELS: undefined, REDIS_SENTINEL_NAME: undefined, REDIS_CLUSTER: undefined };
  return createRedisConnections({ REDIS_URL, ...nowhereElse }, createLogger('test', 'silent'));
}

/** Waits until Redis has refused the database a number of times. */
function refusals(client: Redis, times: number): Promise<void> {
  return new Promise((resolve) => {
    client.on('error', (error) => {
      if (error.message.includes('DB index is out of range') && --times === 0) resolve();
    });
  });
}

const KINDS = {
  'for requests': ({ forRequests }: RedisConnections) => forRequests('test'),
  'for a worker': ({ forWorker }: RedisConnections) => forWorker('test'),
  'that BullMQ copies': ({ forWorker }: RedisConnections) => {
    const client = forWorker('test') as Redis;
    onTestFinished(() => client.disconnect());
    return client.duplicate({ maxRetriesPerRequest: null });
  },
  'of a copy of a copy': ({ forRequests }: RedisConnections) => {
    const client = forRequests('test') as Redis;
    const copy = client.duplicate();
    client.disconnect();
    onTestFinished(() => copy.disconnect());
    return copy.duplicate();
  },
} as const;

describeWithRedisBinary('a connection', () => {
  it.each(Object.entries(KINDS))('%s sends no command to database 0 while its own is refused', async (_kind, open) => {
    const redis = await ownRedis('--databases', '4');
    const client = open(connectionsTo(`${redis.url}/4`)) as Redis;
    onTestFinished(() => client.disconnect());
    const seen: string[] = [];
    client.on('ready', () => seen.push('ready'));
    const send = (): void => void client.set('written', 'elsewhere').catch(() => {});
    send();
    await refusals(client, 3);
    send();
    await refusals(client, 2);
    expect(seen).toEqual([]);
    expect(await testClient(redis.url).keys('*')).toEqual([]);
  });

  it.each(Object.entries(KINDS))('%s works in its own database', async (_kind, open) => {
    const redis = await ownRedis('--databases', '4');
    const client = open(connectionsTo(`${redis.url}/3`)) as Redis;
    onTestFinished(() => client.disconnect());
    if (client.status !== 'ready') await new Promise<void>((resolve) => client.once('ready', () => resolve()));
    await client.set('written', 'here');
    expect(await testClient(redis.url).keys('*')).toEqual([]);
    expect(await testClient(`${redis.url}/3`).get('written')).toBe('here');
  });

  it('goes on in its own database where a user gets the right to it', async () => {
    const redis = await ownRedis();
    const admin = testClient(redis.url);
    await admin.acl('SETUSER', 'app', 'on', '>word', '~*', '&*', '+@all', '-select');
    const address = new URL(`${redis.url}/3`);
    address.username = 'app';
    address.password = 'word';
    const client = connectionsTo(address.href).forWorker('test') as Redis;
    onTestFinished(() => client.disconnect());
    const written = client.set('written', 'here');
    await new Promise<void>((resolve) => client.once('error', () => resolve()));
    await admin.acl('SETUSER', 'app', '+select');
    expect(await written).toBe('OK');
    expect(await admin.keys('*')).toEqual([]);
    expect(await testClient(`${redis.url}/3`).get('written')).toBe('here');
  });
});
