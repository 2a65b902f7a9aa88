import type { RecordedEvent } from './event-record.ts';
import { headerText, parseRecord } from './record-text.ts';

// What a group of events looks like in the stream of received events: a line for each, its job and organisation before
// the first line of what will be its record.

/** One line for each event. */
export function receivedText(events: readonly RecordedEvent[]): string {
  return events.map((event) => `${event.jobId}\t${event.tenantId.toLowerCase()}\t${headerText(event)}`).join('\n');
}

/** Reads one line. @returns `undefined` where a newer release wrote it in another form */
export function parseReceived(line: string): RecordedEvent | undefined {
  const [jobId = '', tenantId = '', ...header] = line.split('\t');
  return parseRecord(tenantId, jobId, header.join('\t'));
}
