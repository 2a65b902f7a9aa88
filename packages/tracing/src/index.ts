export { openTracing } from './open-tracing.ts';
export type { Scope, Tracing } from './tracing.ts';
