import type { EventJob, EventJobData, Gate, Producer, Quarantine, QueueRedis, StoredEvent } from '@xero-webhooks/queue';
import {
  createDeadLetters,
  findStoredEvent,
  forcedJob,
  handlerJob,
  openQueues,
  recordedEvent,
  replayQuarantined,
  runDelayedNow,
  storedEvents,
} from '@xero-webhooks/queue';
import type { RecordedAction, Recorder } from '@xero-webhooks/record';
import { actionText } from '@xero-webhooks/record';
import type { Log } from '@xero-webhooks/runtime';
import type { Acted, ActOptions } from './act.ts';
import { actOnEach } from './act.ts';
import { createOperationLog } from './operation-log.ts';
import type { Forgotten } from './forget-tenant.ts';
import { forgetTenant } from './forget-tenant.ts';
import type { Replayable, ReplayPlan, ReplaySelection } from './select-for-replay.ts';
import { selectForReplay } from './select-for-replay.ts';
import type { Selection } from './selection.ts';
import { describeSelection, isSelected } from './selection.ts';

/** What operators do about events. Everything is safe to repeat, to cut off, and to do twice at once. */
export type Operations = {
  /**
   * Finds events in a set, the newest first.
   *
   * @param limit how many at most @defaultValue all
   */
  select(set: 'failed' | 'delayed', selection: Selection, limit?: number): Promise<StoredEvent[]>;
  countDeadLetters(): Promise<number>;
  /** The newest of a set, of each queue so many at most: however many there are, it takes no longer. */
  newest(set: 'failed' | 'delayed', count: number): Promise<StoredEvent[]>;
  /** Runs what is left of dead letters again, with all attempts. */
  retry(events: readonly StoredEvent[], selection: Selection, options?: ActOptions): Promise<Acted>;
  /** Ends dead letters for good; their duplicates are dropped as long as a settled event is remembered. */
  drop(events: readonly StoredEvent[], selection: Selection, options?: ActOptions): Promise<Acted>;
  /** Runs delayed events now. */
  runNow(events: readonly StoredEvent[], selection: Selection, options?: ActOptions): Promise<Acted>;
  /** Finds the handled events that are to run again, as `selectForReplay`. */
  planReplay(selection: ReplaySelection, handler: string | undefined): Promise<ReplayPlan>;
  /**
   * Runs handled events again: one handler that has not handled them, or with a run id everything anew, under other
   * idempotency keys.
   */
  replay(events: readonly Replayable[], how: ReplayHow, filter: string, options?: ActOptions): Promise<Acted>;
  /** Reads bodies in quarantine with the parser of this release, and enqueues their events. */
  replayQuarantined(
    ids: readonly string[],
    options?: ActOptions,
  ): Promise<Acted & { events: number; unreadable: number }>;
  /** Erases all that is stored of an organisation, as `forgetTenant`; the log keeps only that one was forgotten. */
  forget(tenantId: string, options?: ActOptions): Promise<Forgotten>;
  /** Lets bodies in quarantine go. */
  dropQuarantined(ids: readonly string[], options?: ActOptions): Promise<Acted>;
};

/** How to replay: `run` tells a replay from others of the same event, 1 to 16 letters or digits. */
export type ReplayHow = { readonly handler: string } | { readonly run: string; readonly handler: string | undefined };

type Options = {
  redis: QueueRedis;
  gate: Gate;
  quarantine: Quarantine;
  producer: Producer;
  recorder: Recorder;
  log: Log;
  /** Who does it: the board's user, or the user of the operating system. */
  by: string;
};

export function createOperations({ redis, gate, quarantine, producer, recorder, log, by }: Options): Operations {
  // Opened once: each open queue listens to the process's connection.
  const queues = openQueues(redis);
  const deadLetters = createDeadLetters(queues, gate);
  const operationLog = createOperationLog(redis.client, redis.prefix);

  /** Every action leaves a trace: in the log, in Redis, and in each event's record. */
  async function logged<Result extends Acted>(
    action: string,
    filter: string,
    acting: Promise<Result>,
  ): Promise<Result> {
    const acted = await acting;
    const { done, absent, failed } = acted;
    log.info({ action, by, filter, done, absent, failed }, 'operator action');
    await operationLog.add({ at: Date.now(), by, action, filter, count: acted.done });
    return acted;
  }

  function noteAction(
    { id, name, data }: Pick<StoredEvent, 'id' | 'name' | 'data'>,
    action: RecordedAction['action'],
    open: boolean,
  ): void {
    if (data) recorder.note(recordedEvent({ id, name, data }), [actionText({ at: Date.now(), action, by })], open);
  }

  /** Before the event runs again, so that its record has both in the order in which they happened. */
  async function noteFirst(event: StoredEvent, action: RecordedAction['action']): Promise<void> {
    noteAction(event, action, true);
    await recorder.written();
  }

  return {
    async select(set, selection, limit = Infinity) {
      const selected: StoredEvent[] = [];
      if (selection.ids) {
        for (const id of selection.ids) {
          const found = await findStoredEvent(queues, gate, id);
          if (found?.set === set && isSelected(found.event, selection)) selected.push(found.event);
        }
        return selected.slice(0, limit);
      }
      for await (const batch of storedEvents(queues, gate, set)) {
        selected.push(...batch.filter((event) => isSelected(event, selection)));
      }
      return selected.toSorted((a, b) => b.at - a.at).slice(0, limit);
    },
    countDeadLetters: deadLetters.count,
    async newest(set, count) {
      const batches = await Array.fromAsync(storedEvents(queues, gate, set, count));
      return batches
        .flat()
        .toSorted((a, b) => b.at - a.at)
        .slice(0, count);
    },
    retry(events, selection, options) {
      const acting = actOnEach(
        events,
        async (event) => {
          const outcome = await deadLetters.retry(event.id, () => noteFirst(event, 'retried'));
          return outcome === 'absent' ? 'absent' : 'done';
        },
        options,
      );
      return logged('retry dead letters', describeSelection(selection), acting);
    },
    drop(events, selection, options) {
      const acting = actOnEach(
        events,
        async (event) => {
          if ((await deadLetters.drop(event.id)) === 'absent') return 'absent';
          noteAction(event, 'dropped', false);
          return 'done';
        },
        options,
      );
      return logged('drop dead letters', describeSelection(selection), acting);
    },
    runNow(events, selection, options) {
      const acting = actOnEach(
        events,
        async (event) => {
          const outcome = await runDelayedNow(queues, gate, event.id, () => noteFirst(event, 'run-now'));
          return outcome === 'absent' ? 'absent' : 'done';
        },
        options,
      );
      return logged('run delayed events', describeSelection(selection), acting);
    },
    planReplay: (selection, handler) => selectForReplay(redis, queues, gate, selection, handler),
    replay(events, how, filter, options) {
      const acting = actOnEach(
        events,
        async ({ jobId: id, name, data }) => {
          const stored = await producer.enqueue([replayJob(data, how)]);
          if (stored.outcome === 'unavailable') throw new Error(stored.reason);
          if (stored.outcome === 'failed') throw stored.error;
          noteAction({ id, name, data }, 'replayed', false);
          return 'done';
        },
        options,
      );
      return logged('replay handled events', filter, acting);
    },
    replayQuarantined(ids, options) {
      const counts = { events: 0, unreadable: 0 };
      const acting = actOnEach(
        ids,
        async (id) => {
          const outcome = await replayQuarantined(id, quarantine, producer);
          if (outcome.outcome === 'unavailable') throw new Error(outcome.reason);
          if (outcome.outcome === 'absent') return 'absent';
          counts.events += outcome.events;
          if (outcome.outcome === 'unreadable') counts.unreadable++;
          return 'done';
        },
        options,
      );
      return logged(
        'replay quarantined bodies',
        `${ids.length} bodies`,
        acting.then((acted) => ({ ...acted, ...counts })),
      );
    },
    async forget(tenantId, options) {
      const forgotten = await forgetTenant(redis, quarantine, tenantId, options);
      await operationLog.redact(tenantId);
      log.info({ action: 'forget an organisation', by, ...forgotten }, 'operator action');
      const filter = 'one organisation';
      await operationLog.add({ at: Date.now(), by, action: 'forget an organisation', filter, count: forgotten.jobs });
      return forgotten;
    },
    dropQuarantined(ids, options) {
      const acting = actOnEach(ids, async (id) => ((await quarantine.drop(id)) ? 'done' : 'absent'), options);
      return logged('drop quarantined bodies', `${ids.length} bodies`, acting);
    },
  };
}

function replayJob(
  { v: _v, source: _source, key: _key, handlers: _handlers, ...data }: EventJobData,
  how: ReplayHow,
): EventJob {
  if (!('run' in how)) return handlerJob(data, how.handler);
  return forcedJob(how.handler === undefined ? data : { ...data, handlers: [how.handler] }, how.run);
}
