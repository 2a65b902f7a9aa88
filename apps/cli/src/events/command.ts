import type { EventState } from '@xero-webhooks/record/event-states';
import { EVENT_STATES } from '@xero-webhooks/record/event-states';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { timeOf } from '../times.ts';

export type EventsOptions = {
  readonly event?: string;
  readonly tenant?: string;
  readonly outcome?: EventState;
  readonly since?: number;
  readonly until?: number;
  readonly limit: number;
  readonly follow?: boolean;
  readonly json?: boolean;
};

/** Adds `xw events`. */
export function addEventsCommand(program: Command): void {
  program
    .command('events')
    .description('Show what happened to events: each with its timeline, or the latest in a list.')
    .argument('[id]', 'a resource, an event’s key, or an organisation (default: the latest events of all)')
    .option('--event <name>', 'only events of this name')
    .option('--tenant <id>', 'only events of this organisation')
    .option('--outcome <state>', `only events that are ${EVENT_STATES.join(', ')}`, outcomeOf)
    .option('--since <time>', 'only those received from then on: 30m, 2h or 7d ago, or a date and time', timeOf)
    .option('--until <time>', 'only those received until then', timeOf)
    .option('--limit <n>', 'how many at most', wholeNumber(1, 10_000), 20)
    .option('--follow', 'go on with new events until Ctrl-C')
    .option('--json', 'print them as JSON; with --follow, one object a line')
    .action(async (id: string | undefined, options: EventsOptions) => {
      const { runEvents } = await import('./run.ts');
      await runEvents(id, options);
    });
}

function outcomeOf(text: string): EventState {
  const outcome = EVENT_STATES.find((one) => one === text);
  if (outcome) return outcome;
  throw new InvalidArgumentError(`It must be one of ${EVENT_STATES.join(', ')}.`);
}
