import type { Command } from 'commander';
import { BODY_BYTES } from '../harness/events.ts';
import type { Figure } from '../harness/figure.ts';
import { formatNumber } from '../harness/figure.ts';
import { jsonOption, wholeNumber } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import type { Table } from '../harness/table.ts';
import type { Measurement } from './measure.ts';
import { measure } from './measure.ts';
import { SCENARIOS } from './scenarios.ts';

type Measured = Record<keyof typeof SCENARIOS, Measurement>;

export function addMemoryCommand(program: Command, signal: AbortSignal): void {
  program
    .command('memory')
    .description("Redis's memory for each event, and the round trips that we add to a BullMQ job.")
    .option('--events <n>', 'number of measured events', wholeNumber(100, 1_000_000), 2_000)
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
        { title: "Growth of Redis's memory and MEMORY USAGE of the keys, bytes per event:", table: keyTable(all) },
      ];
      publish({ benchmark: 'memory', about, machine: all.waiting.machine, figures: figuresOf(all), details }, json);
    });
}

function figuresOf({ waiting, raw, settled, three, latestOnly, retained, dead }: Measured): Figure[] {
  const bytes = (what: string, value: number): Figure => ({ what, unit: 'bytes', value });
  const added = (handlers: string, { scripts }: Measurement): Figure => ({
    what: `added round trips, ${handlers}`,
    unit: 'per job',
    value: toHundredths(scripts - raw.scripts),
  });
  return [
    { ...bytes('a waiting event', waiting.bytes), target: 1_600 },
    { ...bytes('a settled event, one handler', settled.bytes), target: 450 },
    bytes('a settled event, three handlers', three.bytes),
    bytes('a retained job, in addition', retained.bytes - settled.bytes),
    bytes('a dead letter', dead.bytes),
    bytes('a latestOnly handler, for each resource', latestOnly.bytes - settled.bytes),
    { what: 'round trips of a raw BullMQ worker', unit: 'per job', value: toHundredths(raw.scripts) },
    { ...added('one handler', settled), target: 2 },
    added('three handlers', three),
  ];
}

/** Rounds away the few scripts that a worker sends once, when it starts. */
function toHundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** "in no key" is what the tables of keys and of expiry take, and the allocator. */
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
