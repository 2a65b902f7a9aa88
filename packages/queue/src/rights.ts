import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript, CodedError } from '@xero-webhooks/runtime';
import { queueName, queuePrefix } from './names.ts';
import { shardsKey } from './shards.ts';

/** The commands, most of them in scripts, that add events to the queues and bodies to the quarantine. */
export const COMMANDS_TO_ENQUEUE: readonly string[] =
  'exists get hget hmget hmset hset incr incrby lpush persist set xadd zadd'.split(' ');

/** The commands that take events from the queues, record their outcome, and share out Xero's limits. */
export const COMMANDS_TO_WORK: readonly string[] = (
  'append bzpopmin del exists get hdel hexists hget hgetall hincrby hlen hmget hmset hset lindex llen lpush lrange lrem ' +
  'pexpire pttl rpoplpush scard set smembers srem time xadd xtrim zadd zcard zpopmin zrange zrangebyscore zrem ' +
  'zremrangebyrank zrevrange zrevrangebyscore'
).split(' ');

type Keys = { prefix: string; cluster: boolean };

/**
 * Checks that the user of a connection has the rights that the process needs, before an event needs them.
 *
 * @throws CodedError `XW_REDIS_REFUSED` with the commands that are missing; Redis's own error if the user has no right to
 *   run scripts
 */
export async function checkRights(
  client: RedisClient,
  commands: readonly string[],
  { prefix, cluster }: Keys,
): Promise<void> {
  const missingOn = bindScript(client, new URL('rights.lua', import.meta.url));
  const key = `${queuePrefix(prefix, 0, cluster)}:${queueName(0)}:wait`;
  const missing = (await missingOn([shardsKey(prefix)], [key, ...commands])) as string[];
  if (missing.length === 0) return;
  throw new CodedError(
    'XW_REDIS_REFUSED',
    `Redis refuses commands: the user in REDIS_URL may not run ${missing.join(', ')} on keys that begin with ${prefix}: (NOPERM); give it these rights: docs/redis.md lists what is needed`,
  );
}
