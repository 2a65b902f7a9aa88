import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { alternate } from '../harness/alternate.ts';
import type { Fsync } from '../harness/bench-redis.ts';
import { startBenchRedis } from '../harness/bench-redis.ts';
import type { Figure } from '../harness/figure.ts';
import { figureOfRounds, formatNumber } from '../harness/figure.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { fsyncOption, jsonOption, roundsOption } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import { median } from '../harness/statistics.ts';
import type { Table } from '../harness/table.ts';
import { until } from '../harness/until.ts';
import { CONCURRENCY } from '../harness/workers.ts';
import type { Contestant } from './contestants.ts';
import { CONTESTANTS } from './contestants.ts';
import type { Measured } from './measure.ts';
import { measure } from './measure.ts';
import { plot } from './plot.ts';

type Result = { readonly name: string; readonly rounds: readonly Measured[] };

type Options = { rounds: number; fsync: Fsync; json?: string; plot?: string };

const QUANTITIES = [
  { title: 'events received a second', unit: 'events/s', pick: ({ received }: Measured) => received },
  { title: 'events handled a second', unit: 'events/s', pick: ({ handled }: Measured) => handled },
  { title: 'request to handler, median ms', unit: 'ms', pick: ({ idleMs }: Measured) => idleMs },
  { title: 'request to handler, p99 ms', unit: 'ms', pick: ({ idleP99Ms }: Measured) => idleP99Ms },
] as const;

export function addAlternativesCommand(program: Command, signal: AbortSignal): void {
  program
    .command('alternatives')
    .description('Beside what people would use instead: BullMQ as tutorials show it, pg-boss and graphile-worker.')
    .addOption(roundsOption(3))
    .addOption(fsyncOption())
    .addOption(jsonOption())
    .option('--plot <file>', 'also draw the figures into this file, as SVG')
    .action(async ({ rounds, fsync, json, plot: picture }: Options) => {
      const machine = await thisMachine(fsync, signal);
      const results = await race(CONTESTANTS, rounds, fsync, signal);
      publish(
        {
          benchmark: 'alternatives',
          about: `one event a request, 50 connections; workers with concurrency ${CONCURRENCY}; medians of ${rounds} alternating rounds`,
          machine,
          figures: results.flatMap(figuresOf),
          details: [{ title: 'Side by side:', table: tableOf(results) }],
        },
        json,
      );
      if (picture !== undefined) {
        const panels = QUANTITIES.slice(0, 3).map(({ title, pick }) => ({
          title,
          bars: results.map(({ name, rounds: all }) => ({ name, value: median(all.map(pick)) })),
        }));
        writeFileSync(picture, plot(panels));
      }
    });
}

/** Measures in turns; whoever lacks its database is left out, and a line says so. */
async function race(
  contestants: readonly Contestant[],
  rounds: number,
  fsync: Fsync,
  signal: AbortSignal,
): Promise<Result[]> {
  const results = contestants.map(({ name }) => ({ name, rounds: [] as Measured[] }));
  const turns = contestants.map((contestant, at) => async () => {
    const measured = await measure(contestant, fsync, signal);
    if (measured) results[at]!.rounds.push(measured);
    else note(`${contestant.name}: left out, because PostgreSQL is not installed (apt-get install postgresql)`);
  });
  await alternate(rounds, turns, (round) => note(`alternatives, round ${round} …`));
  return results.filter(({ rounds: all }) => all.length > 0);
}

function figuresOf({ name, rounds }: Result): Figure[] {
  return QUANTITIES.map(({ title, unit, pick }) => figureOfRounds(`${name}: ${title}`, unit, rounds.map(pick)));
}

function tableOf(results: readonly Result[]): Table {
  return [
    ['', ...QUANTITIES.map(({ title }) => title)],
    ...results.map(({ name, rounds }) => [
      name,
      ...QUANTITIES.map(({ pick }) => formatNumber(median(rounds.map(pick)))),
    ]),
  ];
}

async function thisMachine(fsync: Fsync, signal: AbortSignal): Promise<Machine> {
  await using bench = await startBenchRedis({ fsync });
  await until(() => bench.redis.isReady(), 'Redis', { signal });
  return await describeMachine(bench.redis.client);
}
