import { reasonOf } from '@xero-webhooks/operations';
import type { StoredEvent } from '@xero-webhooks/queue';
import { countOf } from './count-of.ts';
import { withOperations } from './open-operations.ts';
import { printable } from './printable.ts';
import { printJson } from './print-json.ts';
import { printLines } from './print-lines.ts';
import type { ListOptions } from './selection-options.ts';
import { selectionOf } from './selection-options.ts';
import { storedJson } from './stored-event-json.ts';
import type { GroupJson } from './stored-event-schema.ts';
import { storedTable } from './stored-event-text.ts';
import { tableOf } from './table.ts';
import { timeText } from './times.ts';

/** Rows that a list shows without `--limit`. */
const LISTED = 50;

type Texts = {
  /** What is listed. */
  readonly one: string;
  readonly many: string;
  /** Which commands act on what is listed. */
  readonly hint: string;
};

/** Lists dead letters or delayed events, or how many there are of each kind. */
export async function listStored(
  set: 'failed' | 'delayed',
  options: ListOptions,
  { one, many, hint }: Texts,
): Promise<void> {
  const { group, limit = LISTED, json } = options;
  await withOperations(undefined, async ({ operations }) => {
    const events = await operations.select(set, selectionOf(options));
    const groups = group === undefined ? [] : groupsOf(events, VALUES[group]);
    const rows = group === undefined ? events.length : groups.length;
    if (json) {
      const listed =
        group === undefined ? { events: events.slice(0, limit).map(storedJson) } : { groups: groups.slice(0, limit) };
      return printJson({ count: events.length, ...listed });
    }
    if (events.length === 0) return printLines([`no ${many} match`]);
    printLines([
      ...(group === undefined ? storedTable(events.slice(0, limit), set) : groupTable(groups.slice(0, limit), group)),
      '',
      `${countOf(events.length, one, many)}${rows > limit ? `; ${rows - limit} more lines: --limit shows them` : ''}`,
      hint,
    ]);
  });
}

/** What events can be counted by. An event with several handlers that failed counts for each. */
const VALUES: Readonly<Record<NonNullable<ListOptions['group']>, (event: StoredEvent) => readonly string[]>> = {
  tenant: ({ data }) => [data?.event.tenantId.toLowerCase() ?? ''],
  event: ({ name }) => [name],
  handler: ({ handlers }) => handlers.flatMap(({ handler, state }) => (state === 'ok' ? [] : [handler])),
  reason: (event) => [reasonOf(event)],
};

function groupsOf(events: readonly StoredEvent[], valuesOf: (event: StoredEvent) => readonly string[]): GroupJson[] {
  const groups = new Map<string, { count: number; latest: number }>();
  for (const event of events) {
    for (const value of valuesOf(event)) {
      const { count = 0, latest = 0 } = groups.get(value) ?? {};
      groups.set(value, { count: count + 1, latest: Math.max(latest, event.at) });
    }
  }
  return [...groups]
    .map(([value, { count, latest }]) => ({ value, count, latestAt: new Date(latest).toISOString() }))
    .toSorted((a, b) => b.count - a.count);
}

function groupTable(groups: readonly GroupJson[], title: string): string[] {
  const columns = [{ title: 'count', right: true }, { title: 'latest' }, { title }];
  return tableOf(
    columns,
    groups.map(({ value, count, latestAt }) => [String(count), timeText(Date.parse(latestAt)), printable(value)]),
  );
}
