export type { Acted, ActOptions } from './act.ts';
export type { Forgotten } from './forget-tenant.ts';
export { createOperationLog } from './operation-log.ts';
export type { Operation } from './operation-log.ts';
export { createOperations } from './operations.ts';
export type { Operations, ReplayHow } from './operations.ts';
export type { Replayable, ReplayPlan, ReplaySelection } from './select-for-replay.ts';
export { describeSelection, reasonOf } from './selection.ts';
export type { Selection } from './selection.ts';
