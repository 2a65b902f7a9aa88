import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Fsync } from '../harness/bench-redis.ts';
import { startBenchRedis, temporaryFolder } from '../harness/bench-redis.ts';
import type { Figure } from '../harness/figure.ts';
import { figureOfRounds, formatNumber, formatRange } from '../harness/figure.ts';
import { describeMachine } from '../harness/machine.ts';
import { median, ratios } from '../harness/statistics.ts';
import { alternate } from '../harness/alternate.ts';
import { jsonOption, roundsOption, wholeNumber } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import type { Table } from '../harness/table.ts';
import type { Contestant } from './contestants.ts';
import { CONTESTANTS, FASTIFY, OURS, TUTORIAL } from './contestants.ts';
import type { SendLoad } from '../load/load.ts';
import type { LoadTool } from '../load/load-tool.ts';
import { findLoadTool } from '../load/load-tool.ts';
import type { RequestFile } from '../load/requests.ts';
import { writeRequests } from '../load/requests.ts';
import type { Run } from './run.ts';
import { addBulkRate, runContestant } from './run.ts';

const CONNECTIONS = [50, 1_000];
const EVENTS_EACH = [1, 10];

/** More requests of one event than the fastest receiver here takes. */
const REQUESTS_PER_SECOND = 24_000;

/** A kind of load, and the results of each contestant in each round. */
type Setting = {
  readonly fsync: Fsync;
  readonly connections: number;
  readonly eventsEach: number;
  readonly runs: ReadonlyMap<string, Run[]>;
  /** Events per second of `addBulk` alone in each round; empty if it does not take part. */
  readonly ceilings: number[];
};

type Options = { rounds: number; seconds: number; fsync: Fsync | 'both'; load?: LoadTool; json?: string };

export function addIngressCommand(program: Command, signal: AbortSignal): void {
  program
    .command('ingress')
    .description('The ingress, compared with what tutorials show and with receivers that have no queue.')
    .addOption(roundsOption(5))
    .option('--seconds <n>', 'length of each run, after a second of warm-up', wholeNumber(1, 60), 3)
    .addOption(
      new Option('--fsync <when>', "Redis's appendfsync").choices(['always', 'everysec', 'both']).default('both'),
    )
    .addOption(
      new Option('--load <tool>', 'load generator (default: wrk if installed, else autocannon)').choices([
        'wrk',
        'autocannon',
      ]),
    )
    .addOption(jsonOption())
    .action(async ({ rounds, seconds, fsync, load, json }: Options) => {
      const { name: tool, send } = findLoadTool(load);
      using dir = temporaryFolder('requests');
      const files = await requestFiles(dir.path, seconds);
      const modes: readonly Fsync[] = fsync === 'both' ? ['everysec', 'always'] : [fsync];
      const machine = { ...(await ofBenchRedis()), appendfsync: modes.join(' and ') };
      const settings: Setting[] = [];
      for (const mode of modes) {
        for (const connections of CONNECTIONS) {
          for (const file of files) {
            settings.push(await measure({ send, mode, connections, file, rounds, seconds }, signal));
          }
        }
      }
      const figures = settings.flatMap(figuresOf);
      const about = `load by ${tool}, ${seconds} s a run, each with a new Redis and process; medians of ${rounds} alternating rounds`;
      const details = settings.map((setting) => ({ title: titleOf(setting), table: tableOf(setting) }));
      publish({ benchmark: 'ingress', about, machine, figures, details }, json);
    });
}

async function ofBenchRedis(): Promise<Awaited<ReturnType<typeof describeMachine>>> {
  await using bench = await startBenchRedis();
  return await describeMachine(bench.redis.client);
}

async function requestFiles(dir: string, seconds: number): Promise<RequestFile[]> {
  note('signing requests …');
  const files: RequestFile[] = [];
  for (const eventsEach of EVENTS_EACH) {
    const requests = Math.ceil((REQUESTS_PER_SECOND * (seconds + 1.5)) / Math.sqrt(eventsEach));
    files.push(await writeRequests(join(dir, `${eventsEach}`), { requests, eventsEach }));
  }
  return files;
}

type Measurement = {
  send: SendLoad;
  mode: Fsync;
  connections: number;
  file: RequestFile;
  rounds: number;
  seconds: number;
};

async function measure(
  { send, mode, connections, file, rounds, seconds }: Measurement,
  signal: AbortSignal,
): Promise<Setting> {
  const runs = new Map(CONTESTANTS.map(({ name }): [string, Run[]] => [name, []]));
  const setting: Setting = { fsync: mode, connections, eventsEach: file.eventsEach, runs, ceilings: [] };
  const options = { send, requests: file, connections, seconds, fsync: mode };
  const turns = CONTESTANTS.map((contestant) => async (): Promise<void> => {
    runs.get(contestant.name)!.push(await runContestant(contestant, options, signal));
  });
  if (hasCeiling(setting)) {
    turns.push(async () => void setting.ceilings.push(await addBulkRate({ seconds, fsync: mode }, signal)));
  }
  await alternate(rounds, turns, (round) => note(`${titleOf(setting)} round ${round} …`));
  return setting;
}

/** Whether a setting is compared with `addBulk` alone: with many events in a request, all receivers add groups. */
function hasCeiling({ eventsEach }: Pick<Setting, 'eventsEach'>): boolean {
  return eventsEach > 1;
}

function titleOf({ fsync, connections, eventsEach }: Pick<Setting, 'fsync' | 'connections' | 'eventsEach'>): string {
  return `appendfsync ${fsync}, ${connections} connections, ${eventsEach} event${eventsEach === 1 ? '' : 's'} a request:`;
}

function figuresOf(setting: Setting): Figure[] {
  const { fsync, connections, eventsEach, runs, ceilings } = setting;
  const ours = runs.get(OURS.name)!;
  const against = ({ name }: Contestant, pick: (run: Run) => number): number[] =>
    ratios(ours.map(pick), runs.get(name)!.map(pick));
  const figure = (what: string, rounds: readonly number[]): Figure =>
    figureOfRounds(`${fsync}, ${connections} connections, ${eventsEach} a request: ${what}`, '×', rounds);
  const rate = (run: Run): number => run.perSecond;
  const figures: Figure[] = [
    {
      ...figure('requests/s, ours / tutorial', against(TUTORIAL, rate)),
      ...leastRate(setting),
    },
    {
      ...figure(
        'p99, ours / tutorial',
        against(TUTORIAL, ({ p99 }) => p99),
      ),
      ...(connections === 1_000 ? { target: 0.8 } : {}),
    },
  ];
  if (hasCeiling(setting)) {
    const rates = ours.map(({ eventsPerSecond }) => eventsPerSecond);
    return [
      ...figures,
      {
        ...figure('events/s, ours / addBulk alone', ratios(rates, ceilings)),
        ...(connections === 50 ? { atLeast: 1.15 } : {}),
      },
    ];
  }
  const cpu = against(FASTIFY, ({ cpuMicroseconds }) => cpuMicroseconds);
  return [
    ...figures,
    { ...figure('requests/s, ours / Fastify', against(FASTIFY, rate)), atLeast: 0.55 },
    { ...figure('CPU an event, ours / Fastify', cpu), target: 1.8 },
  ];
}

/** What requests/s should be of the tutorial's. */
function leastRate({ connections, eventsEach }: Setting): { atLeast?: number } {
  if (eventsEach === 1) return { atLeast: connections === 50 ? 1.6 : 1.8 };
  return connections === 50 ? { atLeast: 1.8 } : {};
}

function tableOf({ runs }: Setting): Table {
  const columns: readonly (readonly [string, (run: Run) => number])[] = [
    ['requests/s', ({ perSecond }) => perSecond],
    ['p50 ms', ({ p50 }) => p50],
    ['p99 ms', ({ p99 }) => p99],
    ['p99.9 ms', ({ p999 }) => p999],
    ['CPU µs/event', ({ cpuMicroseconds }) => cpuMicroseconds],
    ['Redis µs/event', ({ redisCpuMicroseconds }) => redisCpuMicroseconds],
    ['peak MB', ({ peakMegabytes }) => peakMegabytes],
  ];
  return [
    ['', ...columns.map(([name]) => name), 'range of requests/s'],
    ...[...runs].map(([name, some]) => {
      const rates = some.map(({ perSecond }) => perSecond);
      return [name, ...columns.map(([, pick]) => formatNumber(median(some.map(pick)))), formatRange(rates)];
    }),
  ];
}
