import type { Redis } from 'ioredis';

/** Everything that stands in Redis under a prefix, keys and values, as one text in lower case. */
export async function allOfRedis(client: Redis, prefix: string): Promise<string> {
  const keys = await client.keys(`${prefix}*`);
  const values = await Promise.all(keys.map((key) => valueOf(client, key)));
  return keys
    .map((key, at) => `${key} ${JSON.stringify(values[at])}`)
    .join('\n')
    .toLowerCase();
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
