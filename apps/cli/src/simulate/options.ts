/** Takes the place of an event's name for Xero's check of the endpoint. */
export const INTENT_TO_RECEIVE = 'intent-to-receive';

/** The fake Xero keeps every resource in memory: a larger simulation does not go through it. */
export const MAX_BY_FAKE = 10_000;

export type SimulateOptions = {
  readonly count?: number;
  readonly perRequest: number;
  readonly tenant?: string;
  readonly url?: string;
  readonly key?: string;
  readonly badSignature?: boolean;
  readonly repeat?: boolean;
};
