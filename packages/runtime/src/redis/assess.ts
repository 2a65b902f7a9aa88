import { fieldsOf } from './server-facts.ts';

/** Whether a Redis server can be trusted with events. */
export type RedisAssessment =
  | { fit: true; warnings: readonly string[]; memory: number; replica: boolean }
  | { fit: false; reason: string };

/** BullMQ requires 6.2 (https://docs.bullmq.io/guide/redis-tm-compatibility). */
const MIN_VERSION = [6, 2] as const;

/**
 * Judges a Redis server by its `INFO`.
 *
 * A server that may evict keys is unfit: it would silently drop acknowledged events. A server that keeps no append-only
 * file is fit, with a warning.
 *
 * @param info the text of `INFO`
 * @returns `memory` is the used fraction of `maxmemory`, 0 if there is no limit; a `replica` follows another server and
 *   refuses writes
 */
export function assessRedis(info: string): RedisAssessment {
  const fields = fieldsOf(info);
  const version = fields.get('redis_version') ?? '';
  if (isOlder(version)) {
    return {
      fit: false,
      reason: `Redis ${version || 'of an unknown version'} is too old: expected ${MIN_VERSION.join('.')} or newer`,
    };
  }
  const policy = fields.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    return {
      fit: false,
      reason: `Redis may evict events: maxmemory-policy is ${policy}, expected noeviction (CONFIG SET maxmemory-policy noeviction)`,
    };
  }
  const warnings: string[] = [];
  if (fields.get('aof_enabled') === '0') {
    warnings.push(
      'Redis keeps no append-only file: acknowledged events since its last snapshot are lost if it stops (appendonly yes)',
    );
  }
  const limit = Number(fields.get('maxmemory') ?? 0);
  const used = Number(fields.get('used_memory') ?? 0);
  return { fit: true, warnings, memory: limit > 0 ? used / limit : 0, replica: fields.get('role') === 'slave' };
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < MIN_VERSION[0] || (major === MIN_VERSION[0] && minor < MIN_VERSION[1]);
}
