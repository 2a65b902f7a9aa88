import type { Command } from 'commander';
import type { Fsync } from '../harness/bench-redis.ts';
import type { Figure } from '../harness/figure.ts';
import { figureOfRounds, formatNumber } from '../harness/figure.ts';
import { median } from '../harness/statistics.ts';
import { fsyncOption, jsonOption, wholeNumber } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import { CONCURRENCY } from '../harness/workers.ts';
import type { Table } from '../harness/table.ts';
import type { Backlog, Size } from './backlog.ts';
import { measureBacklog } from './backlog.ts';

/** In each list, the others are compared with the first. */
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

export function addGrowthCommand(program: Command, signal: AbortSignal): void {
  program
    .command('growth')
    .description('Backlogs with growing numbers of events and of organisations.')
    .option('--rounds <n>', 'multiplies the number of passes; the figures are their medians', wholeNumber(1, 100), 1)
    .addOption(fsyncOption())
    .option('--million', 'also a backlog of a million events, which takes some minutes')
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
          about: `events wait, then a warm worker with concurrency ${CONCURRENCY} handles them`,
          machine: byEvents[0]!.backlog.machine,
          figures: all.flatMap(figuresOf),
          details: [
            { title: 'Compared with the smallest backlog:', table: relativeTable(byEvents) },
            { title: 'Compared with one organisation:', table: relativeTable(byOrganisations) },
            { title: 'Resources used by the worker and Redis:', table: usageTable(all) },
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
    figureOfRounds(`${name}: to the first`, 'ms', backlog.firstHandledMs),
    { what: `${name}: memory per event`, unit: 'bytes', value: backlog.bytesEach },
  ];
}

function relativeTable(measured: readonly Measured[]): Table {
  const columns: readonly (readonly [string, (backlog: Backlog) => number])[] = [
    ['enqueued/s', ({ enqueuedPerSecond }) => median(enqueuedPerSecond)],
    ['handled/s', ({ handledPerSecond }) => median(handledPerSecond)],
    ['to the first', ({ firstHandledMs }) => median(firstHandledMs)],
    ['memory per event', ({ bytesEach }) => bytesEach],
    ['worker CPU per event', ({ workerMicroseconds }) => workerMicroseconds],
    ['Redis CPU per event', ({ redisMicroseconds }) => redisMicroseconds],
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
    ['', 'worker CPU µs per event', 'Redis CPU µs per event', 'worker peak MB'],
    ...measured.map(({ name, backlog: { workerMicroseconds, redisMicroseconds, peakMegabytes } }) => [
      name,
      ...[workerMicroseconds, redisMicroseconds, peakMegabytes].map(formatNumber),
    ]),
  ];
}
