import type { StoredEvent } from '@xero-webhooks/queue';
import { CodedError } from '@xero-webhooks/runtime';
import type { ActFlags, ActWords } from '../act-on-many.ts';
import { actOnMany } from '../act-on-many.ts';
import { describeStored, storedTable } from '../stored-event-text.ts';
import { withOperations } from '../open-operations.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { selectionOf } from '../selection-options.ts';
import { storedJson } from '../stored-event-json.ts';

type Options = SelectionOptions & ActFlags & { by?: string };

/** Rows that a list shows without `--limit`. */
const LISTED = 50;

const DEAD_LETTERS = { one: 'dead letter', many: 'dead letters' };

/** Lists dead letters. */
export async function listFailed(options: SelectionOptions & { json?: boolean }): Promise<void> {
  await withOperations(undefined, async ({ operations }) => {
    const events = await operations.select('failed', selectionOf(options));
    const shown = events.slice(0, options.limit ?? LISTED);
    if (options.json) return printJson({ count: events.length, events: shown.map(storedJson) });
    if (events.length === 0) return printLines(['no dead letters match']);
    const more = events.length - shown.length;
    printLines([
      ...storedTable(shown, 'failed'),
      '',
      more > 0
        ? `${more} more: --limit shows them`
        : `${events.length} ${events.length === 1 ? DEAD_LETTERS.one : DEAD_LETTERS.many}`,
      'xw failed retry runs them again, xw failed drop ends them; both take keys or the same options',
    ]);
  });
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
