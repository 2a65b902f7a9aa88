import type { Command } from 'commander';
import type { Fsync } from '../harness/bench-redis.ts';
import type { Figure } from '../harness/figure.ts';
import { figureOfRounds, formatNumber, formatRange } from '../harness/figure.ts';
import type { Machine } from '../harness/machine.ts';
import { alternate } from '../harness/alternate.ts';
import { median, ratios } from '../harness/statistics.ts';
import { fsyncOption, jsonOption, roundsOption } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import type { Table } from '../harness/table.ts';
import type { Contestant } from './contestants.ts';
import { OURS, RAW } from './contestants.ts';
import type { Round, Runner, Setting } from './race.ts';
import { startRunner } from './race.ts';

/** The defaults. */
const ONE: Setting = { concurrency: 50, processes: 1, shards: 1, events: 12_000 };

const FOUR: Setting = { concurrency: 50, processes: 4, shards: 4, events: 16_000 };

/** Each round takes one to three seconds on two cores. The settings of a group alternate, to be compared. */
const GROUPS: readonly (readonly Setting[])[] = [
  [ONE, FOUR],
  [{ concurrency: 50, processes: 2, shards: 1, events: 16_000 }],
  [{ concurrency: 50, processes: 4, shards: 1, events: 16_000 }],
  [{ concurrency: 1, processes: 1, shards: 1, events: 2_000 }],
  [{ concurrency: 1, processes: 2, shards: 1, events: 3_000 }],
  [{ concurrency: 1, processes: 4, shards: 1, events: 4_000 }],
  [{ concurrency: 200, processes: 1, shards: 1, events: 12_000 }],
  [{ concurrency: 200, processes: 2, shards: 1, events: 16_000 }],
  [{ concurrency: 200, processes: 4, shards: 1, events: 16_000 }],
];

type Measured = {
  readonly setting: Setting;
  readonly machine: Machine;
  readonly rounds: ReadonlyMap<Contestant, readonly Round[]>;
};

type Options = { rounds: number; fsync: Fsync; quick?: boolean; json?: string };

export function addWorkersCommand(program: Command, signal: AbortSignal): void {
  program
    .command('workers')
    .description("Our worker compared with BullMQ's own, with a handler that does nothing.")
    .addOption(roundsOption(5))
    .addOption(fsyncOption())
    .option('--quick', 'only the default: one process, concurrency 50')
    .addOption(jsonOption())
    .action(async ({ rounds, fsync, quick, json }: Options) => {
      const measured: Measured[] = [];
      for (const group of quick ? [[ONE]] : GROUPS) measured.push(...(await race(group, rounds, fsync, signal)));
      const about = `from the first job taken to the last one ended; medians of ${rounds} alternating rounds`;
      const details = [{ title: 'Resources used in a round, medians:', table: usageTable(measured) }];
      const figures = [...measured.flatMap(figuresOf), ...scalingFigures(measured)];
      publish({ benchmark: 'workers', about, machine: measured[0]!.machine, figures, details }, json);
    });
}

async function race(
  settings: readonly Setting[],
  rounds: number,
  fsync: Fsync,
  signal: AbortSignal,
): Promise<Measured[]> {
  await using stack = new AsyncDisposableStack();
  const runners: { runner: Runner; results: Round[] }[] = [];
  const measured: Measured[] = [];
  for (const setting of settings) {
    note(`${nameOf(setting)} …`);
    const results = new Map<Contestant, Round[]>();
    for (const contestant of [RAW, OURS]) {
      const runner = stack.use(await startRunner(contestant, setting, fsync, signal));
      results.set(contestant, []);
      runners.push({ runner, results: results.get(contestant)! });
    }
    measured.push({ setting, machine: runners[0]!.runner.machine, rounds: results });
  }
  const turns = runners.map(
    ({ runner, results }) =>
      async () =>
        void results.push(await runner.run()),
  );
  await alternate(rounds, turns);
  return measured;
}

function nameOf({ concurrency, processes, shards }: Setting): string {
  const all = `${processes} ${processes === 1 ? 'process' : 'processes'}`;
  return `concurrency ${concurrency}, ${all}${shards === 1 ? '' : `, ${shards} shards`}`;
}

/** What jobs/s should be of a bare BullMQ's. */
function leastOf({ concurrency, processes }: Setting): { atLeast?: number } {
  if (processes > 1 || concurrency === 1) return {};
  return { atLeast: concurrency === 50 ? 0.75 : 0.7 };
}

function ratesOf({ rounds }: Measured, contestant: Contestant): number[] {
  return rounds.get(contestant)!.map(({ perSecond }) => perSecond);
}

function figuresOf(measured: Measured): Figure[] {
  const what = nameOf(measured.setting);
  const contestants = [...measured.rounds.keys()];
  const raw = ratesOf(measured, RAW);
  return [
    ...contestants.map((contestant) =>
      figureOfRounds(`${what}: ${contestant.name}`, 'jobs/s', ratesOf(measured, contestant)),
    ),
    ...contestants
      .filter((contestant) => contestant !== RAW)
      .map((contestant) => ({
        ...figureOfRounds(`${what}: ${contestant.name} / raw`, '×', ratios(ratesOf(measured, contestant), raw)),
        ...(contestant === OURS ? leastOf(measured.setting) : {}),
      })),
  ];
}

/** The gain of four shards and four processes over one of each. */
function scalingFigures(measured: readonly Measured[]): Figure[] {
  const one = measured.find(({ setting }) => setting === ONE);
  const four = measured.find(({ setting }) => setting === FOUR);
  if (!one || !four) return [];
  const growthOf = (contestant: Contestant) => ratios(ratesOf(four, contestant), ratesOf(one, contestant));
  const [raw, ours] = [growthOf(RAW), growthOf(OURS)];
  return [
    figureOfRounds('four shards and processes / one of each: raw BullMQ', '×', raw),
    figureOfRounds('four shards and processes / one of each: ours', '×', ours),
    { ...figureOfRounds('… ours / raw', '×', ratios(ours, raw)), atLeast: 0.9 },
  ];
}

function usageTable(measured: readonly Measured[]): Table {
  const rows = measured.flatMap(({ setting, rounds }) =>
    [...rounds].map(([contestant, some]) => {
      const perEvent = median(some.map((one) => (sum(one.cpuSeconds) / setting.events) * 1_000_000));
      const redis = median(some.map((one) => (one.redisCpuSeconds / setting.events) * 1_000_000));
      return [
        nameOf(setting),
        contestant.name,
        formatRange(some.flatMap(({ cpuSeconds }) => cpuSeconds)),
        formatNumber(perEvent),
        formatNumber(median(some.map(({ redisCpuSeconds }) => redisCpuSeconds))),
        formatNumber(redis),
        formatNumber(Math.max(...some.flatMap(({ peakMegabytes }) => peakMegabytes))),
      ];
    }),
  );
  const head = ['CPU s per process', 'CPU µs per job', 'Redis CPU s', 'Redis µs per job', 'peak MB of a process'];
  return [['', '', ...head], ...rows];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
