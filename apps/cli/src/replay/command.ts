import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { ActFlags } from '../act-on-many.ts';
import { wholeNumber } from '../option-values.ts';
import { addActOptions } from '../selection-options.ts';
import { timeOf } from '../times.ts';

export type ReplayOptions = ActFlags & {
  readonly event?: string;
  readonly tenant?: string;
  readonly resource?: string;
  readonly since?: number;
  readonly until?: number;
  readonly limit?: number;
  readonly handler?: string;
  readonly force?: boolean;
  readonly run?: string;
  readonly by?: string;
};

const MORE_HELP = `
With --handler alone, the handler runs for the events that it has not handled, with the idempotency keys that it would have
had; repeating the command runs nothing twice. With --force, events run again although they were handled, under a run id
that is part of other idempotency keys: your own system does not recognise the effects as done before.`;

/** Adds `xw replay`. */
export function addReplayCommand(program: Command): void {
  const command = program
    .command('replay')
    .description('Run handled events again, while their payloads are kept (EVENT_RETENTION_S, EVENT_RETENTION_COUNT).')
    .option('--handler <name>', 'only this handler, for events that it has not handled')
    .option('--force', 'run all handlers again, or the one that is named, handled or not')
    .option('--run <id>', 'go on with an earlier --force', runId)
    .option('--event <name>', 'only events of this name')
    .option('--tenant <id>', 'only events of this organisation')
    .option('--resource <id>', 'only events of this resource')
    .option('--since <time>', 'only those received from then on: 30m, 2h or 7d ago, or a date and time', timeOf)
    .option('--until <time>', 'only those received until then', timeOf)
    .option('--limit <n>', 'how many at most, the newest first', wholeNumber(1, 1_000_000));
  addActOptions(command)
    .addHelpText('after', MORE_HELP)
    .action(async (options: ReplayOptions) => {
      const { runReplay } = await import('./run.ts');
      await runReplay(options);
    });
}

function runId(text: string): string {
  if (/^[A-Za-z0-9]{1,16}$/.test(text)) return text;
  throw new InvalidArgumentError('It must be 1 to 16 letters or digits.');
}
