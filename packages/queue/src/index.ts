export { createDeadLetters } from './dead-letters.ts';
export type { DeadLetter, DeadLetterOutcome, DeadLetters } from './dead-letters.ts';
export { createGate } from './gate/gate.ts';
export type { Gate } from './gate/gate.ts';
export type { Blame, LedgerEntry } from './gate/protocol.ts';
export { createAtWork } from './at-work.ts';
export type { AtWork } from './at-work.ts';
export { createIsolation } from './isolation.ts';
export { startLoopWatch } from './loop-watch/loop-watch.ts';
export type { LoopWatch } from './loop-watch/loop-watch.ts';
export { openQueues } from './open-queue.ts';
export type { EventQueue } from './open-queue.ts';
export { replayQuarantined } from './replay-quarantine.ts';
export type { ReplayOutcome } from './replay-quarantine.ts';
export { eventJob, forcedJob, handlerJob } from './event-job.ts';
export type { EventJob, EventJobData } from './event-job.ts';
export { changeShards, ShardsNotDrained } from './change-shards.ts';
export type { ShardsChange } from './change-shards.ts';
export { readQueueHealth } from './queue-health.ts';
export type { QueueHealth } from './queue-health.ts';
export { contentsOfQueue, queueContents } from './queue-contents.ts';
export type { QueueContents } from './queue-contents.ts';
export { replicaRequirement } from './replicas.ts';
export type { ReplicaRequirement } from './replicas.ts';
export { agreeToEnqueue, recordedShards, shardsKey } from './shards.ts';
export { openQueueRedis, openQueueRedisAsRecorded } from './open-redis.ts';
export type { QueueRedis } from './open-redis.ts';
export { countKnownEvents } from './known-events.ts';
export { watchDuplicates } from './watch-duplicates.ts';
export { listWorkers, startPresence } from './presence.ts';
export type { Presence, WorkerInfo } from './presence.ts';
export { createCrowding } from './crowding.ts';
export { openTaskQueue, startTasks } from './task-queue.ts';
export type { Task, TaskEnd, TaskQueue } from './task-queue.ts';
export { createBacklog } from './backlog.ts';
export { createProducer } from './producer.ts';
export type { EnqueueOutcome, Producer } from './producer.ts';
export { createQuarantine } from './quarantine.ts';
export type {
  Quarantine,
  QuarantinedBody,
  QuarantineEntry,
  QuarantineOutcome,
  QuarantineSummary,
} from './quarantine.ts';
export { lookAtWorker, startWatchdog } from './watchdog.ts';
export { createEventWorker } from './worker.ts';
export type { EventWorker } from './worker.ts';
export type { HandlerRun, JobOutcome } from './job-outcome.ts';
export type { RoutedHandler, TakenJob } from './taken-job.ts';
export { runDelayedNow } from './delayed-events.ts';
export type { RunNowOutcome } from './delayed-events.ts';
export { recordedEvent } from './recorded-event.ts';
export { countTenantJobs, removeTenantJobs } from './tenant-jobs.ts';
export type { RemovedJobs } from './tenant-jobs.ts';
export { findStoredEvent, storedEvents } from './stored-events.ts';
export type { EventSet, FoundEvent, StoredEvent } from './stored-events.ts';
export { createNoteWebhook, noteOutage, readWebhookHealth } from './webhook-health.ts';
export type { NoteWebhook, WebhookHealth, WebhookOutage, WebhookOutcome } from './webhook-health.ts';
export { oldestWaiting } from './oldest-waiting.ts';
export { waitingSince } from './waiting-since.ts';
export { createNoteSequences, forgetGaps, goesOn, readSequences } from './sequences/sequences.ts';
export type { SequenceHints, SequenceSpan } from './sequences/sequences.ts';
export { createNoteHandler, readHandlerHealth } from './handler-health.ts';
export type { HandlerHealth, NoteHandler } from './handler-health.ts';
export type { RunRecorder } from './note-run.ts';
