/** What reads report, for metrics and logs. */
export type ReadObserver = {
  /** A call has ended. `resources`: how many it asked for; `status`: 0 if there was no answer. */
  called(call: { status: number; bytes: number; resources: number; many: boolean }): void;
  /** This many handlers were parked because of one limit. */
  parked(limit: string, count: number): void;
};
