import type { WorkerInfo } from '@xero-webhooks/queue';
import type { EventRecord, RecordedAttempt } from '@xero-webhooks/record';

/** What a handler did lately. */
export type HandlerFigures = {
  readonly name: string;
  /** What it listens to; empty where no running worker has it. */
  readonly events: readonly string[];
  readonly workers: number;
  readonly attempts: number;
  readonly failures: number;
  /** Of its attempts, in milliseconds; `undefined` where it had none. */
  readonly medianMs: number | undefined;
  readonly slowestMs: number | undefined;
  readonly lastFailure: RecordedAttempt | undefined;
};

/** Counts what is on record of each handler, and of those that running workers have. */
export function figuresOf(records: readonly EventRecord[], workers: readonly WorkerInfo[]): HandlerFigures[] {
  const attempts = Map.groupBy(
    records.flatMap(({ entries }) =>
      entries.filter((entry): entry is RecordedAttempt => entry.kind === 'attempt' && entry.handler !== ''),
    ),
    ({ handler }) => handler,
  );
  const registered = workers.flatMap(({ handlers }) => handlers);
  const names = new Set([...registered.map(({ name }) => name), ...attempts.keys()]);
  return [...names].toSorted().map((name) => {
    const own = attempts.get(name) ?? [];
    const times = own.map(({ ms }) => ms).toSorted((a, b) => a - b);
    const failed = own.filter(({ outcome }) => outcome === 'failed' || outcome === 'gave-up');
    return {
      name,
      events: registered.find((one) => one.name === name)?.events ?? [],
      workers: registered.filter((one) => one.name === name).length,
      attempts: own.length,
      failures: failed.length,
      medianMs: times[Math.floor(times.length / 2)],
      slowestMs: times.at(-1),
      lastFailure: failed.toSorted((a, b) => b.at - a.at)[0],
    };
  });
}
