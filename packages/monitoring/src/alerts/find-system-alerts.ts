import type { HandlerHealth, WorkerInfo } from '@xero-webhooks/queue';
import { spanText } from '@xero-webhooks/runtime/span-text';
import type { SystemState } from '../read-system.ts';
import type { AlertBounds, FoundAlert } from './alerts.ts';
import { when } from './when.ts';

/** All that is looked at. Times are in milliseconds. */
export type SystemFacts = {
  readonly now: number;
  readonly system: SystemState;
  readonly handlers: readonly HandlerHealth[];
  /** The used part of Redis's `maxmemory`. */
  readonly memory: number;
  /** What is to be said of Redis's configuration. */
  readonly warnings: readonly string[];
};

const NEARLY_FULL = 0.8;

/** What one process finds for all, of what they share. */
export function findSystemAlerts(facts: SystemFacts, bounds: AlertBounds): FoundAlert[] {
  const { now, system, handlers, memory, warnings } = facts;
  const { deadLetters, quarantined, waitingSince = now, workers, waiting } = system;
  const waitedMs = now - waitingSince;
  return [
    ...when(memory > NEARLY_FULL, 'redis-nearly-full', `Redis uses ${(memory * 100).toFixed(0)} % of its memory`),
    ...when(warnings.length > 0, 'redis-misconfigured', warnings.join('; ')),
    ...when(workers.length === 0, 'no-worker', `No worker is running, and ${waiting} events wait`, bounds.afterMs),
    ...when(
      waitedMs > bounds.oldestMs,
      'oldest-event',
      `An event has waited for a worker for ${spanText(waitedMs)}, and ${waiting} wait in all`,
    ),
    ...handlers
      .filter(({ handler }) => isPresent(handler, workers))
      .flatMap(({ handler, failingSince = now }) => {
        const text = `The handler ${handler} has only failed for ${spanText(now - failingSince)}`;
        return when(now - failingSince > bounds.failingMs, 'handler-failing', text, 0, handler);
      }),
    ...when(
      deadLetters > 0,
      'dead-letter',
      deadLetters === 1 ? 'There is a dead letter' : `There are ${deadLetters} dead letters`,
    ),
    ...when(
      quarantined > 0,
      'quarantine',
      quarantined === 1 ? 'There is a body in quarantine' : `There are ${quarantined} bodies in quarantine`,
    ),
  ];
}

/** A handler that no running worker has was taken out, unless none is running. */
function isPresent(name: string, workers: readonly WorkerInfo[]): boolean {
  return workers.length === 0 || workers.some(({ handlers }) => handlers.some((handler) => handler.name === name));
}
