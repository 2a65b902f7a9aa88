/** What is to be sent to a receiver. */
export type Message = {
  readonly url: string;
  /** One or several, each of which signs. */
  readonly secrets: readonly string[];
  /** By which the receiver drops duplicates. */
  readonly id: string;
  /** Makes it, as JSON, once it is known that the receiver can have it: what it takes to make it is not wasted. */
  readonly body: () => Promise<string>;
  /** Aborted when it no longer counts what becomes of it. */
  readonly signal: AbortSignal;
};

/**
 * What became of a message. `gone`: the receiver wants no more of them; `parked`: the receiver keeps failing, or has its
 * hands full, and the handler runs again in `delayMs` milliseconds without using an attempt.
 */
export type Sent =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'gone'; readonly reason: string }
  | { readonly outcome: 'parked'; readonly delayMs: number; readonly reason: string }
  | { readonly outcome: 'failed'; readonly error: Error };

/** Sends a message once. It throws nothing but what `body` throws. */
export type Forwarder = (message: Message) => Promise<Sent>;
