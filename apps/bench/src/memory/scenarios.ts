import type { HandlerSet } from '../harness/handlers.ts';
import { startOurWorker, startRawWorker } from '../harness/workers.ts';
import type { Scenario } from './measure.ts';

/** Logs fatal errors only: each dead letter is an error. */
function handledBy(handlers: HandlerSet, retained: number): NonNullable<Scenario['startWorker']> {
  // `bench record` measures the record.
  const environment = { EVENT_RETENTION_COUNT: String(retained), LOG_LEVEL: 'fatal', RECORD: 'off' };
  return (bench) => startOurWorker(bench, handlers, environment);
}

/** What is measured, by the names that the figures use. */
export const SCENARIOS = {
  waiting: { name: 'waiting' },
  raw: { name: 'raw BullMQ worker', startWorker: (bench) => startRawWorker(bench) },
  settled: { name: 'settled, one handler', startWorker: handledBy('one', 0) },
  three: { name: 'settled, three handlers', startWorker: handledBy('three', 0) },
  latestOnly: { name: 'settled, one latestOnly handler', startWorker: handledBy('latestOnly', 0) },
  retained: { name: 'settled and retained', startWorker: handledBy('one', 1_000_000) },
  dead: { name: 'dead letter', startWorker: handledBy('giveUp', 0), dead: true },
} as const satisfies Record<string, Scenario>;
