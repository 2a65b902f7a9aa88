import type { Command } from 'commander';
import { figureOfRounds } from '../harness/figure.ts';
import { jsonOption, wholeNumber } from '../harness/options.ts';
import { publish } from '../harness/report.ts';
import { measurePages } from './pages.ts';

/** A page is there within this, in milliseconds. */
const PAGE_MS = 200;

type Options = { events: number; json?: string };

export function addBoardCommand(program: Command, signal: AbortSignal): void {
  program
    .command('board')
    .description(
      'How long the pages of the board take with many events, half of them dead letters, and a large payload.',
    )
    .option('--events <n>', 'how many events were handled or failed', wholeNumber(1_000, 1_000_000), 200_000)
    .addOption(jsonOption())
    .action(async ({ events, json }: Options) => {
      const { machine, pages, deadLetters } = await measurePages(events, signal);
      publish(
        {
          benchmark: 'board',
          about: `${events} events on record, ${deadLetters} dead letters, one payload of 5 MB; medians of 20 requests`,
          machine,
          figures: pages.map(({ what, times }) => ({ ...figureOfRounds(what, 'ms', times), target: PAGE_MS })),
          details: [],
        },
        json,
      );
    });
}
