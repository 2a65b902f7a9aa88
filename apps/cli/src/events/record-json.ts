import type { EventRecord, RecordEntry } from '@xero-webhooks/record';
import type { EventJson, TimelineEntryJson } from './schema.ts';

/** An event's record as `--json` prints it. */
export function recordJson({ jobId, receivedAt, dueAt, entries, ...event }: EventRecord): EventJson {
  return {
    key: jobId,
    ...event,
    receivedAt: iso(receivedAt),
    ...(dueAt === undefined ? {} : { dueAt: iso(dueAt) }),
    timeline: entries.map(entryJson),
  };
}

function entryJson(entry: RecordEntry): TimelineEntryJson {
  if (entry.kind === 'gap') return entry;
  const at = iso(entry.at);
  return 'dueAt' in entry ? { ...entry, at, dueAt: iso(entry.dueAt) } : { ...entry, at };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
