import type { Command } from 'commander';
import type { Figure } from '../harness/figure.ts';
import { formatNumber } from '../harness/figure.ts';
import { median } from '../harness/statistics.ts';
import { jsonOption, roundsOption } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import { CONCURRENCY } from '../harness/workers.ts';
import type { Table } from '../harness/table.ts';
import type { Load, Round } from './round.ts';
import { runRound } from './round.ts';

const EVENTS = 500;
const HANDLER_MS = 20;
const IDEAL_MS = EVENTS * HANDLER_MS;

/** How many times the ideal the events of one resource may take. */
const MAX_TIMES_IDEAL = 2;

const LOADS: readonly (Load & { readonly name: string })[] = [
  { name: '1 worker', workers: 1, together: EVENTS, others: 0 },
  { name: '2 workers', workers: 2, together: EVENTS, others: 0 },
  { name: `1 worker, ${EVENTS} others mixed in`, workers: 1, together: EVENTS, others: EVENTS },
  { name: `2 workers, ${EVENTS} others mixed in`, workers: 2, together: EVENTS, others: EVENTS },
  { name: `1 worker, the ${EVENTS} others alone`, workers: 1, together: 0, others: EVENTS },
  { name: `2 workers, the ${EVENTS} others alone`, workers: 2, together: 0, others: EVENTS },
];

type Measured = { readonly load: (typeof LOADS)[number]; readonly rounds: readonly Round[] };

export function addResourceCommand(program: Command, signal: AbortSignal): void {
  program
    .command('resource')
    .description('Many events of one resource, which run one at a time, and their effect on other events.')
    .addOption(roundsOption(3, 3))
    .addOption(jsonOption())
    .action(async ({ rounds, json }: { rounds: number; json?: string }) => {
      const measured: Measured[] = [];
      for (const load of LOADS) {
        note(`${load.name} …`);
        const done: Round[] = [];
        while (done.length < rounds) done.push(await runRound(load, signal));
        measured.push({ load, rounds: done });
      }
      const about = `${EVENTS} events of one resource, a handler of ${HANDLER_MS} ms, workers with concurrency ${CONCURRENCY}; medians of ${rounds} rounds`;
      const details = [
        { title: 'Each round, in milliseconds since the first event was taken:', table: roundTable(measured) },
      ];
      const { machine } = measured[0]!.rounds[0]!;
      publish({ benchmark: 'resource', about, machine, figures: measured.flatMap(figuresOf), details }, json);
    });
}

function figuresOf({ load, rounds }: Measured): Figure[] {
  const figures: Figure[] = [];
  if (load.together > 0) {
    const value = median(rounds.map(({ togetherMs }) => togetherMs / IDEAL_MS));
    figures.push({ what: `one resource: ${load.name}`, value, unit: '× ideal', target: MAX_TIMES_IDEAL });
  }
  if (load.others > 0) {
    const value = median(rounds.map(({ othersMs }) => othersMs));
    figures.push({ what: `last of the others: ${load.name}`, value, unit: 'ms' });
  }
  return figures;
}

function roundTable(measured: readonly Measured[]): Table {
  const times = (all: readonly number[], count: number): string => (count > 0 ? all.map(formatNumber).join(' · ') : '');
  return [
    ['', 'one resource', 'the others'],
    ...measured.map(({ load, rounds }) => [
      load.name,
      times(
        rounds.map(({ togetherMs }) => togetherMs),
        load.together,
      ),
      times(
        rounds.map(({ othersMs }) => othersMs),
        load.others,
      ),
    ]),
  ];
}
