import type { Redis } from 'ioredis';
import type { RedisClient } from './connect.ts';
import { mastersOf } from './masters.ts';

/** What a server tells of itself. A managed one does not tell everything: that is `undefined`. */
export type ServerFacts = {
  readonly address: string;
  readonly version: string;
  readonly aof: 'off' | 'always' | 'everysec' | 'no' | undefined;
  readonly evictionPolicy: string | undefined;
  /** In bytes; a limit of 0 is none. */
  readonly usedMemory: number | undefined;
  readonly maxMemory: number | undefined;
  readonly replicas: number | undefined;
};

/** Asks every server that a client writes to. */
export async function readServerFacts(client: RedisClient): Promise<ServerFacts[]> {
  return Promise.all(mastersOf(client).map(factsOf));
}

async function factsOf(server: Redis): Promise<ServerFacts> {
  const fields = fieldsOf(await server.info());
  const number = (name: string): number | undefined => {
    const text = fields.get(name);
    return text === undefined || text === '' ? undefined : Number(text);
  };
  return {
    address: `${server.options.host}:${server.options.port}`,
    version: fields.get('valkey_version') ?? fields.get('redis_version') ?? '',
    aof: await aofOf(server, fields.get('aof_enabled')),
    evictionPolicy: fields.get('maxmemory_policy'),
    usedMemory: number('used_memory'),
    maxMemory: number('maxmemory'),
    replicas: number('connected_slaves'),
  };
}

async function aofOf(server: Redis, enabled: string | undefined): Promise<ServerFacts['aof']> {
  if (enabled === '0') return 'off';
  try {
    const [, fsync] = await server.config('GET', 'appendfsync');
    return enabled === '1' ? (fsync as ServerFacts['aof']) : undefined;
  } catch {
    // Managed services do not allow CONFIG.
    return undefined;
  }
}

/** The fields of an answer to INFO. */
export function fieldsOf(info: string): Map<string, string> {
  return new Map(
    info.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':');
      return colon === -1 ? [] : [[line.slice(0, colon), line.slice(colon + 1)]];
    }),
  );
}
