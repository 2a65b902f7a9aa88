import type { Command } from 'commander';
import type { ActFlags } from '../act-on-many.ts';
import type { ListOptions, SelectionOptions } from '../selection-options.ts';
import { addActOptions, addSelectionOptions, groupOption } from '../selection-options.ts';

/** Adds `xw delayed`. */
export function addDelayedCommand(program: Command): void {
  const delayed = program.command('delayed').description('List the events that run again later, and run them now.');
  addSelectionOptions(delayed.command('list').description('List delayed events, the newest first.'))
    .addOption(groupOption())
    .option('--json', 'print them as JSON')
    .action(async (options: ListOptions) => {
      const { listDelayed } = await import('./run.ts');
      await listDelayed(options);
    });
  addActOptions(
    addSelectionOptions(
      delayed
        .command('run')
        .description('Run delayed events now. What is parked is parked again if its cause is still there.')
        .argument('[keys...]', 'which events (default: all that the options choose)'),
    ),
  ).action(async (keys: string[], options: SelectionOptions & ActFlags & { by?: string }) => {
    const { runDelayed } = await import('./run.ts');
    await runDelayed(keys, options);
  });
}
