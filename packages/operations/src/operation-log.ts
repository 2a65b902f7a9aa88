import type { RedisClient } from '@xero-webhooks/runtime';

/** Something that an operator did. */
export type Operation = {
  /** In milliseconds since 1970. */
  readonly at: number;
  /** The board's user, or the user of the operating system. */
  readonly by: string;
  readonly action: string;
  /** What it was done to, in words. */
  readonly filter: string;
  readonly count: number;
};

export type OperationLog = {
  add(operation: Operation): Promise<void>;
  /** Takes a text out of the filters of what was done earlier. */
  redact(text: string): Promise<void>;
  /** The newest first. */
  list(limit: number): Promise<Operation[]>;
};

/** Operations that are kept. */
const MAX_OPERATIONS = 1_000;

/** The log of what operators did, in Redis, where every process can read it. */
export function createOperationLog(client: RedisClient, prefix: string): OperationLog {
  const key = `${prefix}:{operations}`;
  return {
    async add(operation) {
      await client.lpush(key, JSON.stringify(operation));
      await client.ltrim(key, 0, MAX_OPERATIONS - 1);
    },
    async redact(text) {
      const pattern = new RegExp(text.replaceAll(/[^\w-]/g, '\\$&'), 'gi');
      for (const line of await client.lrange(key, 0, -1)) {
        const operation = JSON.parse(line) as Operation;
        const filter = operation.filter.replaceAll(pattern, 'forgotten');
        if (filter === operation.filter) continue;
        await client
          .multi()
          .linsert(key, 'BEFORE', line, JSON.stringify({ ...operation, filter }))
          .lrem(key, 1, line)
          .exec();
      }
    },
    async list(limit) {
      const lines = await client.lrange(key, 0, limit - 1);
      return lines.map((line) => JSON.parse(line) as Operation);
    },
  };
}
