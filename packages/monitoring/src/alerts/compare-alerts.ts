import type { AlertName, FoundAlert } from './alerts.ts';

/** An alert that was found and is not over. Times are in milliseconds since 1970. */
export type OpenAlert = {
  readonly name: AlertName;
  readonly subject: string;
  readonly text: string;
  /** When it was first found. */
  readonly since: number;
  /** When it was last posted; `undefined` while it has not lasted long enough. */
  readonly postedAt: number | undefined;
};

/** What there is to tell of an alert. */
export type AlertChange = { readonly state: 'raised' | 'still open' | 'resolved'; readonly alert: OpenAlert };

/** What follows from comparing what is wrong with what was known. */
export type Comparison = {
  /** Found for the first time, or now with another text: to be kept, whether told or not. */
  readonly noted: readonly OpenAlert[];
  /** Over, and never told of. */
  readonly passed: readonly OpenAlert[];
  /** To be told. */
  readonly changes: readonly AlertChange[];
};

type Options = { readonly now: number; readonly repeatMs: number };

/** Compares what is wrong now with what was known before. */
export function compareAlerts(
  open: readonly OpenAlert[],
  found: readonly FoundAlert[],
  { now, repeatMs }: Options,
): Comparison {
  const known = new Map(open.map((alert) => [alertId(alert), alert]));
  const foundIds = new Set(found.map(alertId));
  const noted: OpenAlert[] = [];
  const changes: AlertChange[] = [];
  for (const { name, subject, text, holdMs } of found) {
    const before = known.get(alertId({ name, subject }));
    const alert: OpenAlert = before ? { ...before, text } : { name, subject, text, since: now, postedAt: undefined };
    if (before?.text !== text) noted.push(alert);
    if (alert.postedAt === undefined) {
      if (now - alert.since >= holdMs) changes.push({ state: 'raised', alert });
    } else if (now - alert.postedAt >= repeatMs) changes.push({ state: 'still open', alert });
  }
  const over = open.filter((alert) => !foundIds.has(alertId(alert)));
  const told = over.filter(({ postedAt }) => postedAt !== undefined);
  return {
    noted,
    passed: over.filter(({ postedAt }) => postedAt === undefined),
    changes: [...changes, ...told.map((alert) => ({ state: 'resolved' as const, alert }))],
  };
}

/** Tells alerts apart. */
export function alertId({ name, subject }: Pick<OpenAlert, 'name' | 'subject'>): string {
  return `${name} ${subject}`;
}
