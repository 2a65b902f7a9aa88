import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';
import type { Figure } from '../figure.ts';
import { figureOfRounds, formatNumber, formatSpread } from '../figure.ts';
import { describeMachine } from '../machine.ts';
import { median } from '../median.ts';
import { jsonOption, roundsOption } from '../options.ts';
import { note, publish } from '../report.ts';
import type { Table } from '../table.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { wholeNumber } from '../whole-number.ts';
import { addBulkCeiling } from './ceiling.ts';
import type { Contestant } from './contestants.ts';
import { CONTESTANTS, FASTIFY, OURS, TUTORIAL, WEBHOOK_KEY } from './contestants.ts';
import type { SendLoad } from './load.ts';
import type { LoadTool } from './load-tool.ts';
import { findLoadTool } from './load-tool.ts';
import type { RequestFile } from './requests.ts';
import { writeRequests } from './requests.ts';
import type { Run } from './run.ts';
import { runContestant } from './run.ts';

const CONNECTIONS = [50, 1_000];
const EVENTS_EACH = [1, 10];

/** More than the fastest receiver here takes in a second, for requests of one event. */
const REQUESTS_PER_SECOND = 24_000;

/** One way to load the contestants, and what each of them did in each round. */
type Setting = {
  readonly fsync: Fsync;
  readonly connections: number;
  readonly eventsEach: number;
  readonly runs: ReadonlyMap<string, Run[]>;
  /** The events a second of `addBulk` alone in each round; none where nothing is compared with it. */
  readonly ceilings: number[];
};

type Options = { rounds: number; seconds: number; fsync: Fsync | 'both'; load?: LoadTool; json?: string };

/** Adds `bench ingress`. */
export function addIngressCommand(program: Command, signal: AbortSignal): void {
  program
    .command('ingress')
    .description('Receives webhooks, beside what tutorials do and beside receivers without a queue.')
    .addOption(roundsOption(5))
    .option('--seconds <n>', 'how long each run takes, after a second to warm up', wholeNumber(1, 60), 3)
    .addOption(
      new Option('--fsync <when>', 'when Redis confirms').choices(['always', 'everysec', 'both']).default('both'),
    )
    .addOption(
      new Option('--load <tool>', 'what makes the load: wrk where it is installed, else autocannon').choices([
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
      const about = `load by ${tool}, ${seconds} s a run, fresh Redis and process for each; medians of ${rounds} alternating rounds`;
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
    files.push(await writeRequests(join(dir, `${eventsEach}`), { requests, eventsEach, key: WEBHOOK_KEY }));
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
  if (isBesideCeiling(setting)) {
    turns.push(async () => void setting.ceilings.push(await addBulkCeiling({ seconds, fsync: mode }, signal)));
  }
  for (let round = 0; round < rounds; round++) {
    note(`${titleOf(setting)} round ${round + 1} …`);
    // Each goes first as often as the others.
    for (const [place] of turns.entries()) await turns[(place + round) % turns.length]!();
  }
  return setting;
}

/** Whether a setting is compared with `addBulk` alone: with so many events in a request they reach the queue by groups. */
function isBesideCeiling({ eventsEach }: Pick<Setting, 'eventsEach'>): boolean {
  return eventsEach > 1;
}

function titleOf({ fsync, connections, eventsEach }: Pick<Setting, 'fsync' | 'connections' | 'eventsEach'>): string {
  return `appendfsync ${fsync}, ${connections} connections, ${eventsEach} event${eventsEach === 1 ? '' : 's'} a request:`;
}

function figuresOf(setting: Setting): Figure[] {
  const { fsync, connections, eventsEach, runs, ceilings } = setting;
  const ours = runs.get(OURS.name)!;
  const ratios = ({ name }: Contestant, pick: (run: Run) => number): number[] =>
    ours.map((run, round) => pick(run) / pick(runs.get(name)![round]!));
  const figure = (what: string, rounds: readonly number[]): Figure =>
    figureOfRounds(`${fsync}, ${connections} connections, ${eventsEach} a request: ${what}`, '×', rounds);
  const rate = (run: Run): number => run.perSecond;
  const figures: Figure[] = [
    {
      ...figure('requests/s, ours / tutorial', ratios(TUTORIAL, rate)),
      ...(eventsEach === 1 ? { atLeast: connections === 50 ? 1.6 : 1.8 } : {}),
    },
    {
      ...figure(
        'p99, ours / tutorial',
        ratios(TUTORIAL, ({ p99 }) => p99),
      ),
      ...(connections === 1_000 ? { target: 0.6 } : {}),
    },
  ];
  if (isBesideCeiling(setting)) {
    const rounds = ours.map((run, round) => run.eventsPerSecond / ceilings[round]!);
    return [...figures, { ...figure('events/s, ours / addBulk alone', rounds), atLeast: 0.9 }];
  }
  const cpu = ratios(FASTIFY, ({ cpuMicroseconds }) => cpuMicroseconds);
  return [
    ...figures,
    { ...figure('requests/s, ours / Fastify', ratios(FASTIFY, rate)), atLeast: 0.55 },
    { ...figure('CPU an event, ours / Fastify', cpu), target: 1.8 },
  ];
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
    ['', ...columns.map(([name]) => name), 'requests/s, least–most'],
    ...[...runs].map(([name, some]) => {
      const rates = some.map(({ perSecond }) => perSecond);
      return [name, ...columns.map(([, pick]) => formatNumber(median(some.map(pick)))), formatSpread(rates)];
    }),
  ];
}
