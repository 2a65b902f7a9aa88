export type { Backfill, BackfillList } from './backfill.ts';
export { createBackfills } from './backfills.ts';
export type { Backfills, BackfillRequest } from './backfills.ts';
export { createCopies } from './copies.ts';
export type { Copies } from './copies.ts';
export { forgetBackfills } from './backfill-store.ts';
export { sumOf } from './sum-of.ts';
export type { BackfillSum } from './sum-of.ts';
export { startBackfillWorker } from './start-backfill-worker.ts';
