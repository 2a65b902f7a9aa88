import type { ActFlags } from '../act-on-many.ts';
import { actOnMany } from '../act-on-many.ts';
import { withOperations } from '../open-operations.ts';
import { listStored } from '../list-stored.ts';
import type { ListOptions, SelectionOptions } from '../selection-options.ts';
import { selectionOf } from '../selection-options.ts';

/** Lists delayed events. */
export function listDelayed(options: ListOptions): Promise<void> {
  return listStored('delayed', options, {
    one: 'delayed event',
    many: 'delayed events',
    hint: 'xw delayed run runs them now',
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
