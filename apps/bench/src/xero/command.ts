import type { Command } from 'commander';
import type { Figure } from '../figure.ts';
import { median } from '../median.ts';
import { jsonOption, roundsOption } from '../options.ts';
import { note, publish } from '../report.ts';
import type { Backlog } from './backlog.ts';
import { readBacklog } from './backlog.ts';
import { memoryOfReads } from './memory.ts';
import type { Waking } from './waking.ts';
import { wakeBeside } from './waking.ts';
import { CONCURRENCY } from './workers.ts';

const BACKLOG = { events: 1_000, workers: 4 };
const WAKING = { parked: 2_000, others: 100, workers: 2 };
const MEMORY = { rounds: 12, events: 4_000, organisations: 200 };

/** Adds `bench xero`. */
export function addXeroCommand(program: Command, signal: AbortSignal): void {
  program
    .command('xero')
    .description('Reads from a fake Xero within its limits: a backlog, events that come back, memory.')
    .addOption(roundsOption(3))
    .addOption(jsonOption())
    .action(async ({ rounds, json }: { rounds: number; json?: string }) => {
      const backlogs = await repeat(rounds, `${BACKLOG.events} events that wait`, () => readBacklog(BACKLOG, signal));
      const wakings = await repeat(rounds, `${WAKING.parked} events that come back`, () => wakeBeside(WAKING, signal));
      note(`memory of a worker, ${MEMORY.rounds} times ${MEMORY.events} events …`);
      const memory = await memoryOfReads(MEMORY, signal);
      const about = `a fake Xero with Xero's limits, workers of ${CONCURRENCY} events at once; medians of ${rounds} rounds`;
      const figures = [...backlogFigures(backlogs), ...wakingFigures(wakings), ...memoryFigures(memory)];
      publish({ benchmark: 'xero', about, machine: backlogs[0]!.machine, figures, details: [] }, json);
    });
}

async function repeat<Result>(rounds: number, what: string, run: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < rounds) {
    note(`${what}, round ${results.length + 1} …`);
    results.push(await run());
  }
  return results;
}

function backlogFigures(backlogs: readonly Backlog[]): Figure[] {
  const { events, workers } = BACKLOG;
  const of = (pick: (backlog: Backlog) => number): number => median(backlogs.map(pick));
  const most = (pick: (backlog: Backlog) => number): number => Math.max(...backlogs.map(pick));
  const what = `${events} invoices of one organisation, ${workers} workers`;
  return [
    { what: `${what}: calls`, value: of(({ calls }) => calls), unit: 'calls', target: 25 },
    { what: `${what}: until the last`, value: of(({ seconds }) => seconds), unit: 's', target: 90 },
    { what: '… most in a minute, of all rounds', value: most((one) => one.mostPerMinute), unit: 'calls', target: 60 },
    { what: '… most at once, of all rounds', value: most((one) => one.mostAtOnce), unit: 'calls', target: 5 },
    { what: '… answered 429, of all rounds', value: most((one) => one.tooManyRequests), unit: 'calls', target: 0 },
  ];
}

function wakingFigures(wakings: readonly Waking[]): Figure[] {
  const { parked, workers } = WAKING;
  const high = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
  const of = (pick: (waking: Waking) => number): number => median(wakings.map(pick));
  const what = `another organisation's event while ${parked} come back, ${workers} workers`;
  return [
    { what: "another organisation's event, nothing else: median", value: of((one) => median(one.aloneMs)), unit: 'ms' },
    { what: `${what}: median`, value: of((one) => median(one.besideMs)), unit: 'ms' },
    {
      what: '… how much later, median',
      value: of((one) => median(one.besideMs) - median(one.aloneMs)),
      unit: 'ms',
      target: 100,
    },
    {
      what: '… how much later, 99 %',
      value: of((one) => high(one.besideMs) - high(one.aloneMs)),
      unit: 'ms',
      target: 100,
    },
  ];
}

/** Memory goes up and down with garbage collection: a leak raises its highest level. */
function memoryFigures(memory: readonly number[]): Figure[] {
  const { events, organisations } = MEMORY;
  const half = memory.length / 2;
  const early = Math.max(...memory.slice(0, half));
  const late = Math.max(...memory.slice(half));
  const reads = `${events * half} reads of ${organisations} organisations`;
  return [
    { what: `a worker during ${reads}: most`, value: early, unit: 'MB' },
    { what: '… during as many more: most', value: late, unit: 'MB' },
    { what: '… grown by', value: late - early, unit: 'MB', target: 32 },
  ];
}
