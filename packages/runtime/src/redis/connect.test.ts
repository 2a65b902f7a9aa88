import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import { Cluster, Redis } from 'ioredis';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { RedisClient, RedisConnections } from './connect.ts';
import { createRedisConnections } from './connect.ts';

type Config = Parameters<typeof createRedisConnections>[0];

function connections(config: Partial<Config>): RedisConnections {
  return createRedisConnections({
    REDIS_URL: undefined,
    REDIS_SENTINELS: undefined,
    REDIS_SENTINEL_NAME: undefined,
    REDIS_CLUSTER: undefined,
    ...config,
  });
}

/** A client that has not got anywhere when it is looked at. */
function opened(client: RedisClient): RedisClient {
  onTestFinished(() => client.disconnect());
  return client;
}

function optionsOf(config: Partial<Config>): Redis['options'] {
  const client = opened(connections(config).forRequests('test'));
  if (!(client instanceof Redis)) throw new Error('expected a client of one server');
  client.disconnect();
  return client.options;
}

const nodes = [
  { host: 'redis-1', port: 26_379 },
  { host: '::1', port: 26_380 },
];

describe('connections to Redis', () => {
  it.each([
    [{}, 'REDIS_URL is not set: set it to an address such as redis://127.0.0.1:6379'],
    [
      { REDIS_SENTINELS: nodes, REDIS_SENTINEL_NAME: 'main', REDIS_CLUSTER: nodes },
      'REDIS_SENTINELS and REDIS_CLUSTER are both set: set only one of them',
    ],
    [
      { REDIS_SENTINELS: nodes },
      'REDIS_SENTINEL_NAME is not set: set it to the name by which the Sentinels know the master',
    ],
    [
      { REDIS_URL: 'redis://:100%sure@redis.example' },
      'REDIS_URL is malformed: write each percent sign in its user and password as %25',
    ],
    [
      { REDIS_URL: 'redis://100%sure:password@redis.example' },
      'REDIS_URL is malformed: write each percent sign in its user and password as %25',
    ],
    [
      { REDIS_URL: 'redis://redis.example/events' },
      'REDIS_URL names a database that is not a whole number: put its number after the slash, or nothing; it must be an address such as redis://user:password@host:6379/0',
    ],
    [
      { REDIS_URL: 'redis://redis.example/2', REDIS_CLUSTER: nodes },
      'REDIS_URL names database 2, but a Cluster only has database 0: leave out the number after the slash',
    ],
  ] as const)('are refused with %j', (config, message) => {
    expect(() => connections(config)).toThrow(
      expect.objectContaining({ name: 'CodedError', code: 'XW_CONFIG', message }),
    );
  });

  it.each([
    [{ REDIS_URL: 'redis://redis.example' }, 'redis.example', false],
    [{ REDIS_URL: 'redis://us3r:s3cret@redis.example:6380/2' }, 'redis.example:6380', false],
    [{ REDIS_URL: 'rediss://:s3cret@[::1]:6380' }, '[::1]:6380', false],
    [
      { REDIS_URL: 'redis://us3r:s3cret@unused', REDIS_SENTINELS: nodes, REDIS_SENTINEL_NAME: 'main' },
      'redis-1:26379,[::1]:26380',
      false,
    ],
    [{ REDIS_URL: 'redis://us3r:s3cret@unused', REDIS_CLUSTER: nodes }, 'redis-1:26379,[::1]:26380', true],
    [{ REDIS_CLUSTER: nodes }, 'redis-1:26379,[::1]:26380', true],
  ] as const)('with %j show where they lead, without user and password', (config, address, cluster) => {
    const made = connections(config);
    expect(made.address).toBe(address);
    expect(made.cluster).toBe(cluster);
  });

  it.each([
    ['redis://redis.example', { host: 'redis.example', port: 6379, db: 0, username: null, password: null }],
    [
      'redis://us%40er:p%3Ass%25@[::1]:6380/2',
      { host: '::1', port: 6380, db: 2, username: 'us@er', password: 'p:ss%' },
    ],
    ['rediss://redis.example', { host: 'redis.example', tls: { servername: 'redis.example' } }],
    ['rediss://127.0.0.1', { host: '127.0.0.1', tls: {} }],
    ['rediss://[::1]', { host: '::1', tls: {} }],
  ])('to %s take everything from the address', (address, expected) => {
    const options = optionsOf({ REDIS_URL: address });
    expect(options).toMatchObject(expected);
    if ('tls' in expected) expect(options.tls).toEqual(expected.tls);
    else expect(options.tls).toBeUndefined();
  });

  it('to what Sentinels name take user, password, database and TLS from the address', () => {
    expect(
      optionsOf({
        REDIS_URL: 'rediss://user:p%40ss@redis.example/3',
        REDIS_SENTINELS: nodes,
        REDIS_SENTINEL_NAME: 'main',
      }),
    ).toMatchObject({
      sentinels: nodes,
      name: 'main',
      username: 'user',
      password: 'p@ss',
      sentinelPassword: 'p@ss',
      enableTLSForSentinelMode: true,
      tls: { checkServerIdentity: expect.any(Function) },
      sentinelTLS: { checkServerIdentity: expect.any(Function) },
      db: 3,
    });
  });

  it('to a Cluster take user, password and TLS from the address', () => {
    const client = opened(
      connections({ REDIS_URL: 'rediss://user:p%40ss@redis.example', REDIS_CLUSTER: nodes }).forRequests('test'),
    );
    expect(client).toBeInstanceOf(Cluster);
    expect((client as Cluster).options.redisOptions).toMatchObject({
      username: 'user',
      password: 'p@ss',
      tls: { checkServerIdentity: expect.any(Function) },
    });
  });

  it.each(['127.0.0.1', 'localhost'])('to rediss://%s speak TLS', async (host) => {
    const server = createServer().listen(0, host);
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const client = opened(connections({ REDIS_URL: `rediss://${host}:${port}` }).forRequests('test'));
    const [socket] = (await once(server, 'connection')) as [Socket];
    const [hello] = (await once(socket, 'data')) as [Buffer];
    client.disconnect();
    socket.destroy();
    // The type of a TLS record that opens a handshake.
    expect(hello[0]).toBe(22);
  });

  it('for requests fail at once while Redis is away', async () => {
    const client = opened(connections({ REDIS_URL: await nowhere() }).forRequests('test'));
    await expect(client.ping()).rejects.toThrow(/Stream isn't writeable|Connection is closed/);
  });

  it('for workers wait until Redis is there', async () => {
    const client = opened(connections({ REDIS_URL: inject('redis').url }).forWorker('test'));
    expect(client.status).toBe('connecting');
    expect(await client.ping()).toBe('PONG');
  });
});

/** The address of a port where nothing listens. */
async function nowhere(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return `redis://127.0.0.1:${port}`;
}
