/** Given instead of an event's name to run Xero's check of the endpoint. */
export const INTENT_TO_RECEIVE = 'intent-to-receive';

/** The fake Xero keeps all resources in memory, so larger simulations bypass it. */
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
