import type { StoredEvent } from '@xero-webhooks/queue';
import { CodedError } from '@xero-webhooks/runtime';
import type { ActFlags, ActWords } from '../act-on-many.ts';
import { actOnMany } from '../act-on-many.ts';
import { listStored } from '../list-stored.ts';
import { describeStored } from '../stored-event-text.ts';
import { withOperations } from '../open-operations.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import type { ListOptions, SelectionOptions } from '../selection-options.ts';
import { selectionOf } from '../selection-options.ts';
import { storedJson } from '../stored-event-json.ts';

type Options = SelectionOptions & ActFlags & { by?: string };

const DEAD_LETTERS = { one: 'dead letter', many: 'dead letters' };

/** Lists dead letters. */
export function listFailed(options: ListOptions): Promise<void> {
  const hint = 'xw failed retry runs them again, xw failed drop ends them; both take keys or the same options';
  return listStored('failed', options, { ...DEAD_LETTERS, hint });
}

/** Shows one dead letter. */
export async function showFailed(key: string, { json }: { json?: boolean }): Promise<void> {
  await withOperations(undefined, async ({ operations }) => {
    const event = await oneOf(key, operations.select('failed', { ids: new Set([key]) }));
    if (json) printJson(storedJson(event));
    else printLines(describeStored(event));
  });
}

/** Runs dead letters again. */
export function retryFailed(keys: readonly string[], options: Options): Promise<void> {
  return change(keys, options, { verb: 'retry', done: 'retried', ...DEAD_LETTERS });
}

/** Ends dead letters for good. */
export function dropFailed(keys: readonly string[], options: Options): Promise<void> {
  return change(keys, options, { verb: 'drop', done: 'dropped', ...DEAD_LETTERS });
}

async function change(keys: readonly string[], options: Options, words: ActWords): Promise<void> {
  const selection = selectionOf(options, keys);
  await withOperations(options.by, async ({ operations, signal }) => {
    const events = await operations.select('failed', selection, options.limit);
    await actOnMany(events.length, words, options, signal, (acting) =>
      words.verb === 'retry' ? operations.retry(events, selection, acting) : operations.drop(events, selection, acting),
    );
  });
}

async function oneOf(key: string, selected: Promise<StoredEvent[]>): Promise<StoredEvent> {
  const [event] = await selected;
  if (event) return event;
  throw new CodedError('XW_NO_EVENT', `there is no dead letter ${key}: "xw failed list" shows what there is`);
}
