import type { ActFlags } from '../act-on-many.ts';
import { actOnMany } from '../act-on-many.ts';
import { withOperations } from '../open-operations.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import type { SelectionOptions } from '../selection-options.ts';
import { selectionOf } from '../selection-options.ts';
import { storedJson } from '../stored-event-json.ts';
import { storedTable } from '../stored-event-text.ts';

/** Rows that a list shows without `--limit`. */
const LISTED = 50;

/** Lists delayed events. */
export async function listDelayed(options: SelectionOptions & { json?: boolean }): Promise<void> {
  await withOperations(undefined, async ({ operations }) => {
    const events = await operations.select('delayed', selectionOf(options));
    const shown = events.slice(0, options.limit ?? LISTED);
    if (options.json) return printJson({ count: events.length, events: shown.map(storedJson) });
    if (events.length === 0) return printLines(['no delayed events match']);
    const more = events.length - shown.length;
    printLines([
      ...storedTable(shown, 'delayed'),
      '',
      more > 0 ? `${more} more: --limit shows them` : 'xw delayed run runs them now',
    ]);
  });
}

/** Runs delayed events now. */
export async function runDelayed(
  keys: readonly string[],
  options: SelectionOptions & ActFlags & { by?: string },
): Promise<void> {
  const selection = selectionOf(options, keys);
  const words = { verb: 'run', done: 'set going', one: 'delayed event', many: 'delayed events' };
  await withOperations(options.by, async ({ operations, signal }) => {
    const events = await operations.select('delayed', selection, options.limit);
    await actOnMany(events.length, words, options, signal, (acting) => operations.runNow(events, selection, acting));
  });
}
