import type { ListPage, Read } from '@xero-webhooks/handlers';
import type { EnqueueOutcome, EventJob, TaskEnd } from '@xero-webhooks/queue';
import { eventJob } from '@xero-webhooks/queue';
import type { Backfill, BackfillList } from './backfill.ts';
import { PAGE_SIZE } from './backfill.ts';
import type { BackfillStore } from './backfill-store.ts';
import type { ListTask } from './backfill-task.ts';
import { changesOf, eventOf } from './change.ts';
import type { Copies } from './copies.ts';
import type { KnownChanges } from './known-changes.ts';
import { isFinal } from './is-final.ts';
import { isSorted, isUnread, nextPosition } from './next-position.ts';
import type { ReadList } from './read-list.ts';

/** What a worker does for a backfill, list by list. */
export type BackfillWork = {
  /** Finds out how much a list has. */
  count(task: ListTask, signal: AbortSignal): Promise<TaskEnd>;
  /** Reads a list to its end, from where it was left. */
  read(task: ListTask, signal: AbortSignal): Promise<TaskEnd>;
};

type Options = {
  readonly store: BackfillStore;
  readonly readList: ReadList;
  readonly known: KnownChanges;
  readonly copies: Copies;
  /** How many events wait behind those of others, where an organisation's go. */
  readonly backlog: (tenantId: string) => Promise<number>;
  readonly enqueue: (jobs: readonly EventJob[]) => Promise<EnqueueOutcome>;
  /** Told of each list that was read to its end. @defaultValue nobody is */
  readonly onDone?: (backfill: Pick<Backfill, 'id' | 'kind'>, list: BackfillList) => void;
};

/** More events than this do not wait: what was read would get old, and fill Redis. */
const MAX_BACKLOG = 2_000;

/** How long to wait while so many do, and after a fault that may pass, in milliseconds. */
const BACKLOG_MS = 500;
const FAULT_MS = 10_000;

const DONE: TaskEnd = { end: 'done' };

export function createBackfillWork({
  store,
  readList,
  known,
  copies,
  backlog,
  enqueue,
  onDone = () => {},
}: Options): BackfillWork {
  /** Makes one call, and notes on the list what came of it where that is no page. */
  async function call(
    backfill: string,
    list: BackfillList,
    pageSize: number,
    signal: AbortSignal,
  ): Promise<{ page: ListPage } | { end: TaskEnd }> {
    const note = (changed: Partial<BackfillList>): Promise<void> => store.writeList(backfill, { ...list, ...changed });
    let read: Read<ListPage>;
    try {
      read = await readList(list, list.position, pageSize, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const trouble = error instanceof Error ? error.message : String(error);
      if (isFinal(error)) {
        await note({ state: 'failed', calls: list.calls + 1, trouble });
        return { end: DONE };
      }
      await note({ calls: list.calls + 1, trouble });
      return { end: { end: 'later', delayMs: FAULT_MS } };
    }
    if (read.outcome === 'read') return { page: read.value };
    await note({ trouble: read.reason });
    return { end: { end: 'later', delayMs: read.delayMs } };
  }

  /** Makes events of a page. @returns how the list stands then */
  async function take(backfill: Head, list: BackfillList, page: ListPage, askedAt: number): Promise<BackfillList> {
    const { tenantId, category, position } = list;
    const changes = changesOf(category, page.items);
    const wanted = changes.filter((change) => change.updatedAt <= backfill.until && isUnread(position, change));
    const knownOnes = await known(tenantId, wanted);
    const news = wanted.filter((change) => !knownOnes.has(change));
    await copies.put(tenantId, news, askedAt);
    const about = { sequence: null, receivedAt: Date.now(), deliveryId: `backfill-${backfill.id}` };
    const jobs = news.map((change) =>
      eventJob({ event: eventOf(tenantId, category, change), ...about, source: 'backfill' }),
    );
    const enqueued = await enqueue(jobs);
    if (enqueued.outcome === 'unavailable') throw new Error(enqueued.reason);
    if (enqueued.outcome === 'failed') throw enqueued.error;
    const added = news.length - (enqueued.duplicates?.length ?? 0);
    const isPast = isSorted(changes) && changes.length > 0 && changes[0]!.updatedAt > backfill.until;
    return {
      ...list,
      state: isPast || !page.more ? 'done' : 'reading',
      found: list.found ?? page.total,
      calls: list.calls + 1,
      read: list.read + wanted.length,
      added: list.added + added,
      known: list.known + wanted.length - added,
      position: nextPosition(position, changes),
      trouble: undefined,
    };
  }

  return {
    async count({ backfill, ...name }, signal) {
      const list = await store.readList(backfill, name);
      if (list?.state !== 'counting') return DONE;
      const called = await call(backfill, list, 1, signal);
      if ('end' in called) return called.end;
      const { total, items, more } = called.page;
      const found = total ?? (more ? undefined : items.length);
      const state = found === 0 ? 'done' : 'counted';
      await store.writeList(backfill, { ...list, state, found, calls: list.calls + 1, trouble: undefined });
      return DONE;
    },
    async read({ backfill: id, ...name }, signal) {
      for (;;) {
        const [head, list] = await Promise.all([store.readHead(id), store.readList(id, name)]);
        if (head?.state !== 'started' || !list || list.state === 'done') return DONE;
        if (signal.aborted) throw signal.reason;
        if ((await backlog(list.tenantId)) >= MAX_BACKLOG) return { end: 'later', delayMs: BACKLOG_MS };
        const askedAt = Date.now();
        const called = await call(id, { ...list, state: 'reading' }, PAGE_SIZE, signal);
        if ('end' in called) return called.end;
        const taken = await take({ id, ...head }, list, called.page, askedAt);
        await store.writeList(id, taken);
        if (taken.state !== 'done') continue;
        onDone({ id, kind: head.kind }, taken);
        return DONE;
      }
    },
  };
}

type Head = Pick<Backfill, 'id' | 'until'>;
