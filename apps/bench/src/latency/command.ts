import type { Command } from 'commander';
import type { Fsync } from '../harness/bench-redis.ts';
import type { Figure } from '../harness/figure.ts';
import { figureOfRounds, formatNumber, formatRange } from '../harness/figure.ts';
import { alternate } from '../harness/alternate.ts';
import { median, percentile, ratios } from '../harness/statistics.ts';
import { fsyncOption, jsonOption, roundsOption } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import type { Table } from '../harness/table.ts';
import { CONCURRENCY } from '../harness/workers.ts';
import { OURS, TUTORIAL } from './contestants.ts';
import type { Runner, Sustained } from './runner.ts';
import { startRunner } from './runner.ts';

const IDLE_REQUESTS = 300;
const SUSTAINED_S = 3;
const HALF_S = 4;

/** The results of one contestant, an entry per round. Latencies are in milliseconds. */
type Rounds = {
  readonly name: string;
  readonly idle: number[][];
  readonly sustained: Sustained[];
  readonly half: number[][];
};

type Options = { rounds: number; fsync: Fsync; json?: string };

export function addLatencyCommand(program: Command, signal: AbortSignal): void {
  program
    .command('latency')
    .description(
      'From the request to the start of the handler, and throughput of both sides, compared with what tutorials show.',
    )
    .addOption(roundsOption(5))
    .addOption(fsyncOption())
    .addOption(jsonOption())
    .action(async ({ rounds, fsync, json }: Options) => {
      await using stack = new AsyncDisposableStack();
      const runners: Runner[] = [];
      for (const contestant of [OURS, TUTORIAL]) {
        note(`starting ${contestant.name} …`);
        runners.push(stack.use(await startRunner(contestant, fsync, signal)));
      }
      const [ours, tutorial] = runners.map(({ contestant }): Rounds => ({
        name: contestant.name,
        idle: [],
        sustained: [],
        half: [],
      })) as [Rounds, Rounds];

      async function inTurns(what: string, run: (runner: Runner, into: Rounds) => Promise<void>): Promise<void> {
        const turns = [ours, tutorial].map((into, place) => () => run(runners[place]!, into));
        await alternate(rounds, turns, (round) => note(`${what}, round ${round} …`));
      }
      await inTurns('idle', async (runner, { idle }) => void idle.push(await runner.idle(IDLE_REQUESTS)));
      await inTurns(
        'sustained',
        async (runner, { sustained }) => void sustained.push(await runner.sustained(SUSTAINED_S)),
      );
      const half = Math.floor(Math.min(...[ours, tutorial].map(({ sustained }) => median(ratesOf(sustained)))) / 2);
      await inTurns(`${half} events/s`, async (runner, into) => void into.half.push(await runner.atRate(half, HALF_S)));

      const about = `one event a request, workers with concurrency ${CONCURRENCY}; ${rounds} alternating rounds`;
      publish(
        {
          benchmark: 'latency',
          about,
          machine: runners[0]!.machine,
          figures: figuresOf(ours, tutorial, half),
          details: [
            {
              title: 'From the request to the start of the handler, in milliseconds, all rounds:',
              table: latencyTable([ours, tutorial], half),
            },
            { title: 'Resources used under sustained load, medians:', table: usageTable([ours, tutorial]) },
          ],
        },
        json,
      );
    });
}

function ratesOf(sustained: readonly Sustained[]): number[] {
  return sustained.map(({ perSecond }) => perSecond);
}

function figuresOf(ours: Rounds, tutorial: Rounds, half: number): Figure[] {
  const of = (latencies: readonly number[][], share: number): number[] =>
    latencies.map((round) => percentile(round, share));
  const both = [ours, tutorial];
  const atHalf = `at ${formatNumber(half)} events/s`;
  return [
    ...both.map(({ name, idle }) => figureOfRounds(`idle, median: ${name}`, 'ms', of(idle, 50))),
    {
      ...figureOfRounds('idle, median: ours / tutorial', '×', ratios(of(ours.idle, 50), of(tutorial.idle, 50))),
      target: 1.4,
    },
    ...both.map(({ name, half: some }) => figureOfRounds(`${atHalf}, median: ${name}`, 'ms', of(some, 50))),
    figureOfRounds(`${atHalf}, median: ours / tutorial`, '×', ratios(of(ours.half, 50), of(tutorial.half, 50))),
    ...both.map(({ name, half: some }) => figureOfRounds(`${atHalf}, p99: ${name}`, 'ms', of(some, 99))),
    ...both.map(({ name, sustained }) =>
      figureOfRounds(`sustained, both sides: ${name}`, 'events/s', ratesOf(sustained)),
    ),
    {
      ...figureOfRounds(
        'sustained, both sides: ours / tutorial',
        '×',
        ratios(ratesOf(ours.sustained), ratesOf(tutorial.sustained)),
      ),
      atLeast: 0.9,
    },
  ];
}

function latencyTable(both: readonly Rounds[], half: number): Table {
  const row = (name: string, rounds: readonly number[][]): string[] => {
    const all = rounds.flat();
    return [name, ...[50, 99, 99.9].map((share) => formatNumber(percentile(all, share))), formatNumber(all.length)];
  };
  return [
    ['', 'p50', 'p99', 'p99.9', 'events'],
    ...both.map(({ name, idle }) => row(`idle: ${name}`, idle)),
    ...both.map(({ name, half: some }) => row(`${formatNumber(half)} events/s: ${name}`, some)),
  ];
}

function usageTable(both: readonly Rounds[]): Table {
  const sides = ['receiver', 'worker', 'redis', 'sender'] as const;
  return [
    ['', ...sides.map((side) => `CPU s: ${side}`), 'µs per event, total', 'peak MB: receiver', 'peak MB: worker'],
    ...both.map(({ name, sustained }) => {
      const all = sustained.map(({ cpu, events }) => ((cpu.receiver + cpu.worker + cpu.redis) / events) * 1_000_000);
      const most = (side: 'receiver' | 'worker'): string =>
        formatNumber(Math.max(...sustained.map(({ peak }) => peak[side])));
      return [
        name,
        ...sides.map((side) => formatRange(sustained.map(({ cpu }) => cpu[side]))),
        formatNumber(median(all)),
        most('receiver'),
        most('worker'),
      ];
    }),
  ];
}
