import type { Redis } from 'ioredis';

/** Everything that stands in Redis under a prefix, keys and values, as one text in lower case. */
export async function allOfRedis(client: Redis, prefix: string): Promise<string> {
  const contents = await contentsOfRedis(client, prefix);
  return [...contents]
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join('\n')
    .toLowerCase();
}

/** The value of each key that stands in Redis under a prefix, by key in alphabetical order. */
export async function contentsOfRedis(client: Redis, prefix: string): Promise<ReadonlyMap<string, unknown>> {
  const keys = (await client.keys(`${prefix}*`)).toSorted();
  return new Map(await Promise.all(keys.map(async (key) => [key, await valueOf(client, key)] as const)));
}

async function valueOf(client: Redis, key: string): Promise<unknown> {
  switch (await client.type(key)) {
    case 'string':
      return client.get(key);
    case 'hash':
      return client.hgetall(key);
    case 'list':
      return client.lrange(key, 0, -1);
    case 'set':
      return client.smembers(key);
    case 'zset':
      return client.zrange(key, '0', '-1', 'WITHSCORES');
    case 'stream':
      return client.xrange(key, '-', '+');
    default:
      return undefined;
  }
}
