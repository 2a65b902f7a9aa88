export { recordRetentionVariables, recordVariables } from './config.ts';
export { meaningsOf } from './event-filter.ts';
export type { EventFilter } from './event-filter.ts';
export type {
  AttemptOutcome,
  EventRecord,
  RecordedAction,
  RecordedAttempt,
  RecordedEvent,
  RecordEntry,
} from './event-record.ts';
export { EVENT_STATES } from './event-states.ts';
export type { EventState } from './event-states.ts';
export { createEventSearch } from './find-events.ts';
export type { EventPage, EventSearch } from './find-events.ts';
export { recordsRoot } from './keys.ts';
export { NOTE_FUNCTIONS } from './note-functions.ts';
export { countRecords, listRecordedTenants } from './recorded-tenants.ts';
export { readResourceRecords } from './resource-records.ts';
export { readRecords } from './read-records.ts';
export { actionText, attemptText, headerText, stateText } from './record-text.ts';
export { createRecorder, NO_RECORDER } from './recorder.ts';
export type { Recorder } from './recorder.ts';
export { forgetRecords } from './forget-records.ts';
export { watchRoom } from './room.ts';
export { startSweeping } from './start-sweeping.ts';
