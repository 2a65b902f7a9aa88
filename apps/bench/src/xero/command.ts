import type { Command } from 'commander';
import type { Figure } from '../harness/figure.ts';
import { median } from '../harness/statistics.ts';
import { jsonOption, roundsOption } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import type { Backlog } from './backlog.ts';
import { readBacklog } from './backlog.ts';
import { memoryOfReads } from './memory.ts';
import type { Waking } from './waking.ts';
import { wakeBeside } from './waking.ts';
import { CONCURRENCY } from '../harness/workers.ts';

const BACKLOG = { events: 1_000, workers: 4 };
const WAKING = { parked: 2_000, others: 100, workers: 2 };
const MEMORY = { rounds: 12, events: 4_000, organisations: 200 };

export function addXeroCommand(program: Command, signal: AbortSignal): void {
  program
    .command('xero')
    .description("Reads from a fake Xero with Xero's limits: a backlog, parked events that resume, memory.")
    .addOption(roundsOption(3))
    .addOption(jsonOption())
    .action(async ({ rounds, json }: { rounds: number; json?: string }) => {
      const backlogs = await repeat(rounds, `a backlog of ${BACKLOG.events} events`, () =>
        readBacklog(BACKLOG, signal),
      );
      const wakings = await repeat(rounds, `${WAKING.parked} parked events`, () => wakeBeside(WAKING, signal));
      note(`memory of a worker, ${MEMORY.rounds} rounds of ${MEMORY.events} events …`);
      const memory = await memoryOfReads(MEMORY, signal);
      const about = `a fake Xero with Xero's limits, workers with concurrency ${CONCURRENCY}; medians of ${rounds} rounds`;
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
    { what: `${what}: to the last`, value: of(({ seconds }) => seconds), unit: 's', target: 90 },
    { what: '… most in a minute, all rounds', value: most((one) => one.maxPerMinute), unit: 'calls', target: 60 },
    { what: '… most at once, all rounds', value: most((one) => one.maxAtOnce), unit: 'calls', target: 5 },
    { what: '… answered 429, all rounds', value: most((one) => one.tooManyRequests), unit: 'calls', target: 0 },
  ];
}

function wakingFigures(wakings: readonly Waking[]): Figure[] {
  const { parked, workers } = WAKING;
  const high = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)]!;
  const of = (pick: (waking: Waking) => number): number => median(wakings.map(pick));
  const what = `another organisation's event while ${parked} parked ones resume, ${workers} workers`;
  return [
    { what: "another organisation's event, alone: median", value: of((one) => median(one.aloneMs)), unit: 'ms' },
    { what: `${what}: median`, value: of((one) => median(one.besideMs)), unit: 'ms' },
    {
      what: '… how much later, median',
      value: of((one) => median(one.besideMs) - median(one.aloneMs)),
      unit: 'ms',
      target: 100,
    },
    {
      what: '… how much later, p99',
      value: of((one) => high(one.besideMs) - high(one.aloneMs)),
      unit: 'ms',
      target: 100,
    },
  ];
}

/** Memory varies with garbage collection. A leak raises its peak. */
function memoryFigures(memory: readonly number[]): Figure[] {
  const { events, organisations } = MEMORY;
  const half = memory.length / 2;
  const early = Math.max(...memory.slice(0, half));
  const late = Math.max(...memory.slice(half));
  const reads = `${events * half} reads of ${organisations} organisations`;
  return [
    { what: `a worker's peak memory during ${reads}`, value: early, unit: 'MB' },
    { what: '… during as many again', value: late, unit: 'MB' },
    { what: '… growth', value: late - early, unit: 'MB', target: 32 },
  ];
}
