import type { Reply } from './send.ts';

/** What a simulation came to. */
export type Simulation = {
  /** The event's name, or the file whose body was sent. */
  readonly what: string;
  readonly url: string;
  /** The address of the fake Xero, if it delivered the events. */
  readonly fakeUrl: string | undefined;
  readonly repeated: boolean;
  readonly events: number;
  readonly requests: number;
  /** Requests that were sent a second time. */
  readonly sentTwice: number;
  readonly replies: readonly Reply[];
  /** How long it took, in milliseconds. */
  readonly ms: number;
  /** Whether all answers were as expected, and nothing was cut off. */
  readonly passed: boolean;
  /** What else people should know. */
  readonly notes: readonly string[];
};
