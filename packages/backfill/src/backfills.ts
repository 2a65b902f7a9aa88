import { randomBytes } from 'node:crypto';
import type { ResourceCategory } from '@xero-webhooks/handlers';
import type { QueueRedis } from '@xero-webhooks/queue';
import { openTaskQueue } from '@xero-webhooks/queue';
import type { Backfill, BackfillKind, BackfillList } from './backfill.ts';
import { createBackfillStore } from './backfill-store.ts';
import type { BackfillTask } from './backfill-task.ts';
import { BACKFILL_TASKS, taskOf } from './backfill-task.ts';

/** What to look for. Times are in milliseconds since 1970. */
export type BackfillRequest = {
  readonly since: number;
  /** @defaultValue now */
  readonly until?: number | undefined;
  readonly tenantIds: readonly string[];
  readonly categories: readonly ResourceCategory[];
  readonly by: string;
};

/** What operators do about backfills; worker processes do the work. */
export type Backfills = {
  /** Has the workers count what there is to read. @returns its id */
  plan(request: BackfillRequest): Promise<string>;
  /** Has them read at once, without anybody to ask. @returns its id */
  begin(kind: Exclude<BackfillKind, 'backfill'>, request: Omit<BackfillRequest, 'by'>): Promise<string>;
  read(id: string): Promise<Backfill | undefined>;
  /** The newest first, 20 at most. */
  list(): Promise<Backfill[]>;
  /** Starts one that is planned, or goes on with one that was stopped. Lists that have failed are tried again. */
  start(backfill: Backfill): Promise<void>;
  /** Ends the work on it after the pages that are being read. */
  stop(id: string): Promise<void>;
  close(): Promise<void>;
};

/** How far Xero's clock may be ahead of ours, in milliseconds: "now" is by Xero's. */
const CLOCKS_MS = 60_000;

export function createBackfills(redis: QueueRedis): Backfills {
  const store = createBackfillStore(redis.client, redis.prefix);
  const tasks = openTaskQueue<BackfillTask>(redis, BACKFILL_TASKS);

  async function create(
    { tenantIds, categories, since, until = Date.now() + CLOCKS_MS, by }: BackfillRequest,
    first: Pick<Backfill, 'kind' | 'state'> & { task: 'count' | 'read' },
  ): Promise<string> {
    const { kind, state, task } = first;
    const id = randomBytes(4).toString('hex');
    const lists = tenantIds.flatMap((tenantId) =>
      categories.map((category) => unread(tenantId.toLowerCase(), category, since)),
    );
    await store.create({ id, kind, since, until, by, createdAt: Date.now(), state, lists });
    await tasks.add(lists.map((list) => taskOf(task, id, list)));
    return id;
  }

  return {
    plan: (request) => create(request, { kind: 'backfill', state: 'planned', task: 'count' }),
    begin: (kind, request) => create({ ...request, by: kind }, { kind, state: 'started', task: 'read' }),
    read: store.read,
    list: store.list,
    async start({ id, lists, ...head }) {
      await store.writeHead(id, { ...head, state: 'started' });
      const open = lists.filter((list) => list.state !== 'done' && list.found !== 0);
      await tasks.add(open.map((list) => taskOf('read', id, list)));
    },
    async stop(id) {
      const head = await store.readHead(id);
      if (head) await store.writeHead(id, { ...head, state: 'stopped' });
    },
    close: tasks.close,
  };
}

function unread(tenantId: string, category: ResourceCategory, since: number): BackfillList {
  const counts = { calls: 0, read: 0, added: 0, known: 0 };
  const position = { after: since, read: [], page: 1 };
  return { tenantId, category, state: 'counting', found: undefined, ...counts, position, trouble: undefined };
}
