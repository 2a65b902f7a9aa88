import type { Command } from 'commander';
import type { ActFlags } from '../act-on-many.ts';
import type { ListOptions, SelectionOptions } from '../selection-options.ts';
import { addActOptions, addSelectionOptions, groupOption } from '../selection-options.ts';

/** Adds `xw failed`. */
export function addFailedCommand(program: Command): void {
  const failed = program
    .command('failed')
    .description('List dead letters, the events that failed for good, and retry or drop them.');
  addSelectionOptions(failed.command('list').description('List dead letters, the newest first.'))
    .addOption(groupOption())
    .option('--json', 'print them as JSON')
    .action(async (options: ListOptions) => {
      const { listFailed } = await import('./run.ts');
      await listFailed(options);
    });
  failed
    .command('show')
    .description('Show one dead letter whole: its event, and what each handler came to.')
    .argument('<key>', 'its key, as the list shows it')
    .option('--json', 'print it as JSON')
    .action(async (key: string, options: { json?: boolean }) => {
      const { showFailed } = await import('./run.ts');
      await showFailed(key, options);
    });
  addActOptions(
    addSelectionOptions(
      failed
        .command('retry')
        .description('Run the handlers that have not succeeded again, with all their attempts.')
        .argument('[keys...]', 'which dead letters (default: all that the options choose)'),
    ),
  ).action(async (keys: string[], options: SelectionOptions & ActFlags & { by?: string }) => {
    const { retryFailed } = await import('./run.ts');
    await retryFailed(keys, options);
  });
  addActOptions(
    addSelectionOptions(
      failed
        .command('drop')
        .description('End dead letters for good, unhandled.')
        .argument('[keys...]', 'which dead letters (default: all that the options choose)'),
    ),
  ).action(async (keys: string[], options: SelectionOptions & ActFlags & { by?: string }) => {
    const { dropFailed } = await import('./run.ts');
    await dropFailed(keys, options);
  });
}
