import type { Command } from 'commander';
import { BODY_BYTES } from '../event-jobs.ts';
import type { Figure } from '../figure.ts';
import { formatNumber } from '../figure.ts';
import { jsonOption } from '../options.ts';
import { note, publish } from '../report.ts';
import type { Table } from '../table.ts';
import { wholeNumber } from '../whole-number.ts';
import type { Measurement } from './measure.ts';
import { measure } from './measure.ts';
import { SCENARIOS } from './scenarios.ts';

type Measured = Record<keyof typeof SCENARIOS, Measurement>;

/** Adds `bench memory`. */
export function addMemoryCommand(program: Command, signal: AbortSignal): void {
  program
    .command('memory')
    .description("Redis's memory for each event, and the round trips that delivery adds to a job.")
    .option('--events <n>', 'how many events are measured', wholeNumber(100, 1_000_000), 2_000)
    .addOption(jsonOption())
    .action(async ({ events, json }: { events: number; json?: string }) => {
      const measured: [string, Measurement][] = [];
      for (const [key, scenario] of Object.entries(SCENARIOS)) {
        note(`${scenario.name} …`);
        measured.push([key, await measure(scenario, events, signal)]);
      }
      const all = Object.fromEntries(measured) as Measured;
      const about = `per event, over ${formatNumber(events)} events from bodies of ${BODY_BYTES} bytes`;
      const details = [
        { title: 'What Redis uses more, and MEMORY USAGE of the keys, bytes per event:', table: keyTable(all) },
      ];
      publish({ benchmark: 'memory', about, machine: all.waiting.machine, figures: figuresOf(all), details }, json);
    });
}

function figuresOf({ waiting, raw, settled, three, latestOnly, retained, dead }: Measured): Figure[] {
  const bytes = (what: string, value: number): Figure => ({ what, unit: 'bytes', value });
  const added = (handlers: string, { scripts }: Measurement): Figure => ({
    what: `round trips that delivery adds, ${handlers}`,
    unit: 'a job',
    value: toHundredths(scripts - raw.scripts),
  });
  return [
    { ...bytes('a waiting event', waiting.bytes), target: 1_600 },
    { ...bytes('what a settled event leaves, one handler', settled.bytes), target: 450 },
    bytes('what a settled event leaves, three handlers', three.bytes),
    bytes('a handled job that is retained, besides that', retained.bytes - settled.bytes),
    bytes('a dead letter', dead.bytes),
    bytes('a latestOnly handler, for each resource', latestOnly.bytes - settled.bytes),
    { what: 'round trips of a raw BullMQ worker', unit: 'a job', value: toHundredths(raw.scripts) },
    { ...added('one handler', settled), target: 2 },
    added('three handlers', three),
  ];
}

/** The few scripts that a worker sends only once, when it starts, are spread over the jobs: they do not count. */
function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** What the tables of keys and of expiry take, and the allocator, is in none of the keys. */
function keyTable(measured: Measured): Table {
  const rows: string[][] = [['', 'key', 'bytes']];
  for (const { name, bytes, kinds } of Object.values(measured)) {
    const named = [...kinds.values()].reduce((sum, kind) => sum + kind.bytes, 0);
    rows.push([name, '', wholeBytes(bytes)]);
    for (const [kind, { bytes: some }] of kinds) {
      if (Math.abs(some) >= 1) rows.push(['', `\`${kind}\``, wholeBytes(some)]);
    }
    rows.push(['', 'in no key', wholeBytes(bytes - named)]);
  }
  return rows;
}

function wholeBytes(value: number): string {
  return formatNumber(Math.round(value));
}
