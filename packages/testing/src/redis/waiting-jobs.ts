import type { Redis } from 'ioredis';

/**
 * How many events of a queue wait for a worker: in order of their arrival, and behind those of others.
 *
 * @param queue its prefix and name, for example `xw:xero-events-0`
 */
export async function waitingIn(client: Redis, queue: string): Promise<number> {
  const counts = await client.multi().llen(`${queue}:wait`).zcard(`${queue}:prioritized`).exec();
  return counts!.reduce((sum, [, count]) => sum + Number(count), 0);
}
