import type { EventRecord, RecordEntry } from '@xero-webhooks/record';

/** An event's record as `--json` prints it. */
export function recordJson({ jobId, receivedAt, dueAt, entries, ...event }: EventRecord): object {
  return {
    key: jobId,
    ...event,
    receivedAt: iso(receivedAt),
    ...(dueAt === undefined ? {} : { dueAt: iso(dueAt) }),
    timeline: entries.map(entryJson),
  };
}

function entryJson(entry: RecordEntry): object {
  if (entry.kind === 'gap') return entry;
  const { at, ...rest } = entry;
  const times = 'dueAt' in rest ? { dueAt: iso(rest.dueAt) } : {};
  return { ...rest, at: iso(at), ...times };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
