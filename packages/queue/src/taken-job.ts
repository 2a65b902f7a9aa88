import type { HandlerOutcome } from '@xero-webhooks/handlers';
import type { EventJobData } from './event-job.ts';
import type { GateHandler } from './gate/protocol.ts';

/** A job that a worker has taken. Each run of it has another token and a higher number. */
export type TakenJob = {
  readonly id: string;
  /** The token under which BullMQ gave the job to this run. */
  readonly runToken: string;
  /** How often BullMQ has given the job out, this time included. */
  readonly runNumber: number;
  /** How often BullMQ has found the job without its worker. */
  readonly stalls: number;
  /** When the job was added, in milliseconds since 1970: of several jobs of a resource, the oldest goes first. */
  readonly addedAt: number;
  readonly name: string;
  readonly data: EventJobData;
};

/** A handler of an event. */
export type RoutedHandler = GateHandler & {
  /** How long one attempt may take, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Makes one attempt.
   *
   * @param attempt from 1
   * @param signal aborted when the worker has to stop the run
   */
  run(job: TakenJob, attempt: number, signal: AbortSignal): Promise<HandlerOutcome>;
};
