import type { RequestFile } from './requests.ts';

/** The result of a phase of load. Latencies are in milliseconds. */
export type Load = {
  /** Answered requests. */
  readonly requests: number;
  /** Sent requests, in the order of the file. */
  readonly sent: number;
  /** Indices, from 0, of sent requests that may have been in flight when the load ended. */
  readonly unanswered: readonly number[];
  /** Answers per second, until the last answer. */
  readonly perSecond: number;
  /** Requests answered with anything but 2xx. */
  readonly refused: number;
  /** Requests without an answer. */
  readonly broken: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
};

export type LoadOptions = {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** The first request of the file to send, from 0. */
  readonly from: number;
  /** How many requests of the file may be sent. */
  readonly count: number;
  /** Whether to start over at the end of the file. Only where duplicates do no harm. */
  readonly again: boolean;
};

export type SendLoad = (requests: RequestFile, options: LoadOptions, signal: AbortSignal) => Promise<Load>;
