import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import type { RedisClient } from '@xero-webhooks/runtime';

/** Where the figures were measured. */
export type Machine = {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  /** Load average of the minute before. Above the number of cores, all times get longer. */
  readonly load: number;
  readonly node: string;
  /** The server and its version, for example `redis 7.0.15, jemalloc-5.3.0`. */
  readonly redis: string;
  readonly appendfsync: string;
};

export async function describeMachine(client: RedisClient): Promise<Machine> {
  const server = await client.info('server');
  const memory = await client.info('memory');
  const field = (info: string, name: string): string | undefined =>
    new RegExp(`^${name}:(.*?)\r?$`, 'm').exec(info)?.[1];
  const valkey = field(server, 'valkey_version');
  const [, fsync] = (await client.config('GET', 'appendfsync')) as [string, string];
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() || process.arch,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    load: Math.round(loadavg()[0]! * 10) / 10,
    node: process.version,
    redis: `${valkey ? `valkey ${valkey}` : `redis ${field(server, 'redis_version')}`}, ${field(memory, 'mem_allocator')}`,
    appendfsync: fsync,
  };
}

export function machineLine({ cores, processor, memoryGb, load, node, redis, appendfsync }: Machine): string {
  const hardware = `${cores} cores (${processor}), ${memoryGb} GB, load ${load} before`;
  return `${hardware}; Node ${node}; ${redis}, appendfsync ${appendfsync}`;
}
