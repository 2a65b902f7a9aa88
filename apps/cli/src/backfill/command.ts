import { RESOURCE_CATEGORIES } from '@xero-webhooks/webhook';
import type { Command } from 'commander';
import { Option } from 'commander';
import { timeOf } from '../times.ts';
import { addActOptions } from '../selection-options.ts';
import type { ActFlags } from '../act-on-many.ts';

export type BackfillOptions = ActFlags & {
  readonly since?: number;
  readonly until?: number;
  readonly tenant?: readonly string[];
  readonly category?: readonly string[];
  readonly run?: string;
  readonly by?: string;
};

const MORE_HELP = `
The workers read, within each organisation's limits, and live events go first. A resource of which an event was handled in
that state or a later one is left out. Its event is an ordinary one: invoice.updated, for example, with "backfill" as its
source. Ctrl-C stops the backfill, and --run goes on with it; if a worker or this command is killed, the workers go on.`;

/** Adds `xw backfill`. */
export function addBackfillCommand(program: Command): void {
  const command = program
    .command('backfill')
    .description('Read from Xero what has changed in a span of time, and handle what no webhook has told.')
    .option('--since <time>', 'what has changed from then on: 30m, 2h or 7d ago, or a date and time', timeOf)
    .option('--until <time>', 'what has changed until then (default: now)', timeOf)
    .option('--tenant <id...>', 'only of these organisations (default: all that are connected)')
    .addOption(new Option('--category <name...>', 'only these kinds of resources').choices(RESOURCE_CATEGORIES))
    .option('--run <id>', 'go on with an earlier one');
  addActOptions(command)
    .addHelpText('after', MORE_HELP)
    .action(async (options: BackfillOptions) => {
      const { runBackfill } = await import('./run.ts');
      await runBackfill(options);
    });
}
