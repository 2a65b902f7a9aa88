import { join } from 'node:path';
import type { Command } from 'commander';
import { temporaryFolder } from '../harness/bench-redis.ts';
import { figureOfRounds } from '../harness/figure.ts';
import type { Figure } from '../harness/figure.ts';
import { jsonOption, roundsOption, wholeNumber } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import { ratios } from '../harness/statistics.ts';
import { findLoadTool } from '../load/load-tool.ts';
import { writeRequests } from '../load/requests.ts';
import type { Cost } from './cost.ts';
import { costOfIngress, costOfWorker } from './cost.ts';
import { measureSearch } from './search.ts';

type Options = { rounds: number; seconds: number; records: number; json?: string };

/** What the record may cost: less than 5 %. */
const AT_LEAST = 0.95;

/** A search answers within this, in milliseconds. */
const SEARCH_MS = 100;

/** An event's record with one attempt, in bytes. */
const RECORD_BYTES = 800;

export function addRecordCommand(program: Command, signal: AbortSignal): void {
  program
    .command('record')
    .description('What the record of events costs ingress and worker, its memory, and how fast it is searched.')
    .addOption(roundsOption(7))
    .option('--seconds <n>', 'length of each run of the ingress', wholeNumber(1, 60), 3)
    .option('--records <n>', 'how many events are recorded for the search', wholeNumber(1_000, 1_000_000), 200_000)
    .addOption(jsonOption())
    .action(async ({ rounds, seconds, records, json }: Options) => {
      const { name: tool, send } = findLoadTool(undefined);
      note(`search over ${records} records …`);
      const search = await measureSearch(records, signal);

      using dir = temporaryFolder('requests');
      const figures: Figure[] = [
        { what: 'a record with one attempt', unit: 'bytes', value: search.bytes, target: RECORD_BYTES },
      ];
      for (const { what, times } of search.searches) {
        figures.push({ ...figureOfRounds(`search: ${what}`, 'ms', times), target: SEARCH_MS });
      }
      for (const eventsEach of [1, 10]) {
        const requests = Math.ceil((24_000 * (seconds + 1.5)) / Math.sqrt(eventsEach));
        const file = await writeRequests(join(dir.path, String(eventsEach)), { requests, eventsEach });
        const what = `ingress, 50 connections, ${eventsEach} a request`;
        figures.push(...costFigures(what, await costOfIngress({ send, file, rounds, seconds }, signal)));
      }
      figures.push(...costFigures('worker, empty handler', await costOfWorker(rounds, signal)));
      const about = `load by ${tool}, ${seconds} s a run, appendfsync everysec; with and without the record in turn, medians of ${rounds} rounds`;
      publish({ benchmark: 'record', about, machine: search.machine, figures, details: [] }, json);
    });
}

function costFigures(what: string, { on, off }: Cost): Figure[] {
  const per = (pick: (measured: Cost['on'][number]) => number): number[] => ratios(on.map(pick), off.map(pick));
  return [
    {
      ...figureOfRounds(
        `${what}: events/s, with / without`,
        '×',
        per(({ perSecond }) => perSecond),
      ),
      atLeast: AT_LEAST,
    },
    figureOfRounds(
      `${what}: CPU an event, with / without`,
      '×',
      per(({ cpu }) => cpu),
    ),
    figureOfRounds(
      `${what}: Redis's CPU an event, with / without`,
      '×',
      per(({ redisCpu }) => redisCpu),
    ),
  ];
}
