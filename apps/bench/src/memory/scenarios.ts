import { handlerModule, OUR_WORKER, RAW_WORKER } from '../worker-process.ts';
import type { Scenario } from './measure.ts';

const CONCURRENCY = { WORKER_CONCURRENCY: '50' };

function handledBy(module: string, retained: number): NonNullable<Scenario['worker']> {
  return {
    program: OUR_WORKER,
    environment: {
      ...CONCURRENCY,
      WORKER_ADMIN_PORT: '0',
      HANDLERS: handlerModule(module),
      EVENT_RETENTION_COUNT: String(retained),
    },
  };
}

/** What is measured, by the names that the figures are made from. */
export const SCENARIOS = {
  waiting: { name: 'waiting' },
  raw: { name: 'raw BullMQ worker', worker: { program: RAW_WORKER, environment: CONCURRENCY } },
  settled: { name: 'settled, one handler', worker: handledBy('one', 0) },
  three: { name: 'settled, three handlers', worker: handledBy('three', 0) },
  latestOnly: { name: 'settled, one handler that is latestOnly', worker: handledBy('latest-only', 0) },
  retained: { name: 'settled and retained', worker: handledBy('one', 1_000_000) },
  dead: { name: 'dead letter', worker: handledBy('give-up', 0), dead: true },
} as const satisfies Record<string, Scenario>;
