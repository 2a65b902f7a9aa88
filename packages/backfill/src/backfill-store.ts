import type { RedisClient } from '@xero-webhooks/runtime';
import { scanKeys } from '@xero-webhooks/runtime';
import type { Backfill, BackfillList } from './backfill.ts';

type Head = Omit<Backfill, 'id' | 'lists'>;

export type BackfillStore = {
  create(backfill: Backfill): Promise<void>;
  /** @returns `undefined` if there is none of this id, or not any more */
  read(id: string): Promise<Backfill | undefined>;
  /** The newest first; those that are not remembered any more are left out. */
  list(): Promise<Backfill[]>;
  readHead(id: string): Promise<Head | undefined>;
  writeHead(id: string, head: Head): Promise<void>;
  readList(id: string, list: ListName): Promise<BackfillList | undefined>;
  /** Does nothing where the list's organisation was forgotten meanwhile. */
  writeList(id: string, list: BackfillList): Promise<void>;
};

export type ListName = Pick<BackfillList, 'tenantId' | 'category'>;

/** How long a backfill is remembered after it was last at work, in seconds. */
const KEPT_S = 7 * 86_400;

/** Backfills that are listed. */
const LISTED = 20;

/** The field that has what holds for the whole backfill; each list has one of its own. */
const HEAD = '@';

/** Keeps backfills in Redis. */
export function createBackfillStore(client: RedisClient, prefix: string): BackfillStore {
  const keyOf = (id: string): string => `${rootOf(prefix)}${id}`;
  const latest = `${prefix}:{backfill}:latest`;

  async function write(id: string, fields: Readonly<Record<string, string>>): Promise<void> {
    await client.hset(keyOf(id), fields);
    await client.expire(keyOf(id), KEPT_S);
  }

  async function readField<Value>(id: string, field: string): Promise<Value | undefined> {
    const text = await client.hget(keyOf(id), field);
    return text === null ? undefined : (JSON.parse(text) as Value);
  }

  async function read(id: string): Promise<Backfill | undefined> {
    const { [HEAD]: head, ...lists } = await client.hgetall(keyOf(id));
    if (head === undefined) return undefined;
    return {
      id,
      ...(JSON.parse(head) as Head),
      lists: Object.values(lists).map((text) => JSON.parse(text) as BackfillList),
    };
  }

  return {
    async create({ id, lists, ...head }) {
      await write(id, {
        [HEAD]: JSON.stringify(head),
        ...Object.fromEntries(lists.map((list) => [fieldOf(list), JSON.stringify(list)])),
      });
      await client.lpush(latest, id);
      await client.ltrim(latest, 0, LISTED - 1);
    },
    read,
    async list() {
      const backfills = await Promise.all((await client.lrange(latest, 0, -1)).map(read));
      return backfills.filter((backfill) => backfill !== undefined);
    },
    readHead: (id) => readField<Head>(id, HEAD),
    writeHead: (id, head) => write(id, { [HEAD]: JSON.stringify(head) }),
    readList: (id, list) => readField<BackfillList>(id, fieldOf(list)),
    async writeList(id, list) {
      const field = fieldOf(list);
      if ((await client.hexists(keyOf(id), field)) === 1) await write(id, { [field]: JSON.stringify(list) });
    },
  };
}

/** Takes an organisation out of what is remembered of backfills. */
export async function forgetBackfills(client: RedisClient, prefix: string, tenantId: string): Promise<void> {
  for await (const keys of scanKeys(client, rootOf(prefix))) {
    for (const key of keys) {
      const fields = await client.hkeys(key);
      const its = fields.filter((field) => field.startsWith(`${tenantId.toLowerCase()} `));
      if (its.length > 0) await client.hdel(key, ...its);
    }
  }
}

function rootOf(prefix: string): string {
  return `${prefix}:{backfill}:run-`;
}

function fieldOf({ tenantId, category }: ListName): string {
  return `${tenantId} ${category}`;
}
