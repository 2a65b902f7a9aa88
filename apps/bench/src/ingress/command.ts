import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import type { Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';
import type { Figure } from '../figure.ts';
import { formatNumber } from '../figure.ts';
import { describeMachine } from '../machine.ts';
import { median } from '../median.ts';
import { note, publish } from '../report.ts';
import type { Table } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';
import { addBulkCeiling } from './ceiling.ts';
import { CONTESTANTS, FASTIFY, OURS, TUTORIAL, WEBHOOK_KEY } from './contestants.ts';
import type { LoadTool, SendLoad } from './load.ts';
import { findLoadTool } from './load.ts';
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
};

type Options = { rounds: number; seconds: number; fsync: Fsync | 'both'; load?: LoadTool; json?: string };

/** Adds `bench ingress`. */
export function addIngressCommand(program: Command, signal: AbortSignal): void {
  program
    .command('ingress')
    .description('Receives webhooks, beside what tutorials do and beside receivers without a queue.')
    .option('--rounds <n>', 'how many rounds, of which the median counts', wholeNumber(1, 100), 5)
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
    .option('--json <file>', 'write the figures there too')
    .action(async ({ rounds, seconds, fsync, load, json }: Options) => {
      const { name: tool, send } = findLoadTool(load);
      const dir = mkdtempSync(join(tmpdir(), 'xw-bench-requests-'));
      try {
        const files = await requestFiles(dir, seconds);
        const modes: readonly Fsync[] = fsync === 'both' ? ['everysec', 'always'] : [fsync];
        const machine = { ...(await ofBenchRedis()), appendfsync: modes.join(' and ') };
        const settings: Setting[] = [];
        const ceilings = new Map<Fsync, number[]>();
        for (const mode of modes) {
          for (const connections of CONNECTIONS) {
            for (const file of files) {
              settings.push(await measure({ send, mode, connections, file, rounds, seconds }, signal));
            }
          }
          ceilings.set(mode, await measureCeiling({ mode, rounds, seconds }, signal));
        }
        const figures = settings.flatMap((setting) => figuresOf(setting, ceilings.get(setting.fsync)!));
        const about = `load by ${tool}, ${seconds} s a run, fresh Redis and process for each; medians of ${rounds} alternating rounds`;
        const details = settings.map((setting) => ({ title: titleOf(setting), table: tableOf(setting) }));
        publish({ benchmark: 'ingress', about, machine, figures, details }, json);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
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
  const setting: Setting = { fsync: mode, connections, eventsEach: file.eventsEach, runs };
  for (let round = 0; round < rounds; round++) {
    note(`${titleOf(setting)} round ${round + 1} …`);
    // Each goes first as often as the others.
    for (const contestant of CONTESTANTS.map((_, place) => CONTESTANTS[(place + round) % CONTESTANTS.length]!)) {
      const words = { send, requests: file, connections, seconds, fsync: mode };
      runs.get(contestant.name)!.push(await runContestant(contestant, words, signal));
    }
  }
  return setting;
}

async function measureCeiling(
  { mode, rounds, seconds }: Pick<Measurement, 'mode' | 'rounds' | 'seconds'>,
  signal: AbortSignal,
): Promise<number[]> {
  note(`addBulk alone, appendfsync ${mode} …`);
  const ceilings: number[] = [];
  while (ceilings.length < rounds) ceilings.push(await addBulkCeiling({ seconds, fsync: mode }, signal));
  return ceilings;
}

function titleOf({ fsync, connections, eventsEach }: Pick<Setting, 'fsync' | 'connections' | 'eventsEach'>): string {
  return `appendfsync ${fsync}, ${connections} connections, ${eventsEach} event${eventsEach === 1 ? '' : 's'} a request:`;
}

function figuresOf({ fsync, connections, eventsEach, runs }: Setting, ceilings: readonly number[]): Figure[] {
  const [ours, tutorial, fastify] = [OURS, TUTORIAL, FASTIFY].map(({ name }) => runs.get(name)!) as [
    Run[],
    Run[],
    Run[],
  ];
  const ratio = (others: readonly Run[], pick: (run: Run) => number): number =>
    median(ours.map((run, round) => pick(run) / pick(others[round]!)));
  const where = `${fsync}, ${connections} connections, ${eventsEach} a request`;
  const rate = (run: Run): number => run.perSecond;
  const figures: Figure[] = [
    {
      what: `${where}: requests/s, ours / tutorial`,
      value: ratio(tutorial, rate),
      unit: '×',
      ...(eventsEach === 1 ? { atLeast: connections === 50 ? 1.6 : 1.8 } : {}),
    },
    {
      what: `${where}: p99, ours / tutorial`,
      value: ratio(tutorial, ({ p99 }) => p99),
      unit: '×',
      ...(connections === 1_000 ? { target: 0.6 } : {}),
    },
  ];
  if (eventsEach === 1) {
    figures.push(
      { what: `${where}: requests/s, ours / Fastify`, value: ratio(fastify, rate), unit: '×', atLeast: 0.55 },
      {
        what: `${where}: CPU an event, ours / Fastify`,
        value: ratio(fastify, ({ cpuMicroseconds }) => cpuMicroseconds),
        unit: '×',
        target: 1.8,
      },
    );
  } else {
    const value = median(ours.map((run, round) => run.eventsPerSecond / ceilings[round]!));
    figures.push({ what: `${where}: events/s, ours / addBulk alone`, value, unit: '×', atLeast: 0.9 });
  }
  return figures;
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
      const spread = `${formatNumber(Math.min(...rates))}–${formatNumber(Math.max(...rates))}`;
      return [name, ...columns.map(([, pick]) => formatNumber(median(some.map(pick)))), spread];
    }),
  ];
}
