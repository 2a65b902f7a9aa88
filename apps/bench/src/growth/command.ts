import type { Command } from 'commander';
import type { Fsync } from '../bench-redis.ts';
import type { Figure } from '../figure.ts';
import { figureOfRounds, formatNumber } from '../figure.ts';
import { median } from '../median.ts';
import { fsyncOption, jsonOption } from '../options.ts';
import { note, publish } from '../report.ts';
import type { Table } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';
import type { Backlog, Size } from './backlog.ts';
import { CONCURRENCY, measureBacklog } from './backlog.ts';

/** Each list begins with its smallest, which the others are compared with. */
const BACKLOGS: readonly Size[] = [
  { events: 1_000, organisations: 20, passes: 5 },
  { events: 10_000, organisations: 20, passes: 3 },
  { events: 100_000, organisations: 20, passes: 1 },
];
const MILLION: Size = { events: 1_000_000, organisations: 20, passes: 1 };
const ORGANISATIONS: readonly Size[] = [
  { events: 10_000, organisations: 1, passes: 3 },
  { events: 10_000, organisations: 100, passes: 3 },
  { events: 10_000, organisations: 10_000, passes: 3 },
];

type Measured = { readonly name: string; readonly backlog: Backlog };

type Options = { rounds: number; fsync: Fsync; million?: boolean; json?: string };

/** Adds `bench growth`. */
export function addGrowthCommand(program: Command, signal: AbortSignal): void {
  program
    .command('growth')
    .description('Backlogs of more and more events, and of more and more organisations.')
    .option('--rounds <n>', 'how many times as many passes, of which the median counts', wholeNumber(1, 100), 1)
    .addOption(fsyncOption())
    .option('--million', 'a backlog of a million events too, which takes some minutes more')
    .addOption(jsonOption())
    .action(async ({ rounds, fsync, million, json }: Options) => {
      async function measureAll(sizes: readonly Size[], name: (size: Size) => string): Promise<Measured[]> {
        const measured: Measured[] = [];
        for (const size of sizes) {
          note(`${name(size)} …`);
          const backlog = await measureBacklog({ ...size, passes: size.passes * rounds }, fsync, signal);
          measured.push({ name: name(size), backlog });
        }
        return measured;
      }
      const sizes = million ? [...BACKLOGS, MILLION] : BACKLOGS;
      const byEvents = await measureAll(sizes, ({ events }) => `${formatNumber(events)} events`);
      const byOrganisations = await measureAll(
        ORGANISATIONS,
        ({ organisations }) =>
          `10,000 events of ${formatNumber(organisations)} organisation${organisations === 1 ? '' : 's'}`,
      );
      const all = [...byEvents, ...byOrganisations];
      publish(
        {
          benchmark: 'growth',
          about: `events wait, then a warm worker of ${CONCURRENCY} events at once has them`,
          machine: byEvents[0]!.backlog.machine,
          figures: all.flatMap(figuresOf),
          details: [
            { title: 'Times the smallest backlog:', table: relativeTable(byEvents) },
            { title: 'Times one organisation:', table: relativeTable(byOrganisations) },
            { title: 'What the worker and Redis used to handle them:', table: usageTable(all) },
          ],
        },
        json,
      );
    });
}

function figuresOf({ name, backlog }: Measured): Figure[] {
  return [
    figureOfRounds(`${name}: enqueued`, 'events/s', backlog.enqueuedPerSecond),
    figureOfRounds(`${name}: handled`, 'events/s', backlog.handledPerSecond),
    figureOfRounds(`${name}: until the first`, 'ms', backlog.firstHandledMs),
    { what: `${name}: memory of each`, unit: 'bytes', value: backlog.bytesEach },
  ];
}

function relativeTable(measured: readonly Measured[]): Table {
  const columns: readonly (readonly [string, (backlog: Backlog) => number])[] = [
    ['enqueued/s', ({ enqueuedPerSecond }) => median(enqueuedPerSecond)],
    ['handled/s', ({ handledPerSecond }) => median(handledPerSecond)],
    ['until the first', ({ firstHandledMs }) => median(firstHandledMs)],
    ['memory of each', ({ bytesEach }) => bytesEach],
    ['worker CPU of each', ({ workerMicroseconds }) => workerMicroseconds],
    ['Redis CPU of each', ({ redisMicroseconds }) => redisMicroseconds],
  ];
  const smallest = measured[0]!.backlog;
  return [
    ['', ...columns.map(([name]) => name)],
    ...measured.map(({ name, backlog }) => [
      name,
      ...columns.map(([, pick]) => formatNumber(pick(backlog) / pick(smallest))),
    ]),
  ];
}

function usageTable(measured: readonly Measured[]): Table {
  return [
    ['', 'worker CPU µs an event', 'Redis CPU µs an event', 'worker peak MB'],
    ...measured.map(({ name, backlog: { workerMicroseconds, redisMicroseconds, peakMegabytes } }) => [
      name,
      ...[workerMicroseconds, redisMicroseconds, peakMegabytes].map(formatNumber),
    ]),
  ];
}
