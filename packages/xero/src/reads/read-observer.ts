import type { CallResult } from '../api/api.ts';

/** What reads report, for metrics and logs. */
export type ReadObserver = {
  /** A call has ended. `resources`: how many it asked for; `status`: 0 if there was no answer. */
  called(call: { status: number; bytes: number; resources: number; many: boolean }): void;
  /** This many handlers were parked because of one limit. */
  parked(limit: string, count: number): void;
};

/** How calls are traced. It knows what is at work; reads only carry that from who asks to the call. */
export type ReadTracing = {
  /** What is at work where somebody asks. */
  asker(): unknown;
  /** Makes a call for these, who have asked. */
  call(
    of: { method: string; path: string; resources: number },
    askers: readonly unknown[],
    make: () => Promise<CallResult>,
  ): Promise<CallResult>;
};
