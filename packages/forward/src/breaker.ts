import { hash } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import { FORWARD_TIMEOUT_MS } from './post-message.ts';
import type { ReceiverState } from './judge.ts';

/** What was let through. `isProbe`: the breaker is open, and this message finds out whether the receiver is well again. */
export type Permit = {
  readonly outcome: 'go';
  /** Whether there are failures that a success puts an end to. */
  readonly hasFailures: boolean;
  readonly isProbe: boolean;
};

/** What becomes of the breaker. `ms`: how long it stays open at first. */
export type Change = { readonly change: 'opened'; readonly ms: number } | { readonly change: 'closed' };

/** @see createBreaker */
export type Breaker = {
  admit(address: string): Promise<Permit | { outcome: 'wait'; delayMs: number; reason: string }>;
  /**
   * Notes what a message came to.
   *
   * @param id of the message
   * @returns `undefined` if the breaker is as it was
   */
  note(address: string, id: string, permit: Permit, receiver: ReceiverState): Promise<Change | undefined>;
};

/** Failures in a row, of more than one message, that open it. */
const FAILURES = 5;

/** How long it stays open, in milliseconds; this doubles with each probe that fails. */
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 300_000;

/** How soon the others come back while a probe is on its way, in milliseconds. */
const SOON_MS = 1_000;

/** From one that waits to the next: 200 a second, in milliseconds. */
const SPREAD_MS = 5;

/** How long a receiver's failures are remembered, in milliseconds. */
const KEPT_MS = 3_600_000;

/** How long it may take to read the resource for a message, in milliseconds. */
const READ_MS = 20_000;

/** Longer than a probe takes: if its process dies, another message can be the probe after that. In milliseconds. */
const PROBE_MS = READ_MS + FORWARD_TIMEOUT_MS;

const GO: Permit = { outcome: 'go', hasFailures: false, isProbe: false };

/**
 * A circuit breaker for each receiver, shared by all workers through Redis. After several failures in a row it is open and
 * messages wait; then one of them is the probe, and the others follow if it is delivered.
 *
 * Where Redis does not answer, messages go: an event's end needs Redis anyway.
 */
export function createBreaker(client: RedisClient, prefix: string): Breaker {
  const admit = bindScript(client, new URL('admit.lua', import.meta.url));
  const noteResult = bindScript(client, new URL('note-result.lua', import.meta.url));
  // An address may be as good as a password, and as long as you like.
  const keyOf = (address: string): string => `${prefix}:{forward}:${hash('sha256', address).slice(0, 32)}`;

  return {
    async admit(address) {
      const reply = await admit([keyOf(address)], [PROBE_MS, SOON_MS, SPREAD_MS]).catch(() => undefined);
      const [word, second, third] = (reply ?? []) as [string?, (number | string)?, (number | string)?];
      if (word === 'wait') return { outcome: 'wait', delayMs: Number(second), reason: String(third) };
      return { ...GO, hasFailures: second === 1, isProbe: third === 1 };
    },
    async note(address, id, permit, receiver) {
      // Nearly always: a receiver that is well costs one call.
      if (receiver.state === 'well' && !permit.hasFailures) return undefined;
      const { reason = '', waitMs = 0 } = receiver.state === 'ailing' ? receiver : {};
      const args = [receiver.state, permit.isProbe ? 1 : 0, id, reason, waitMs];
      const bounds = [FAILURES, FIRST_WAIT_MS, MAX_WAIT_MS, KEPT_MS];
      const reply = await noteResult([keyOf(address)], [...args, ...bounds]).catch(() => []);
      const [change, ms] = reply as [string?, (number | string)?];
      if (change === 'opened') return { change, ms: Number(ms) };
      return change === 'closed' ? { change } : undefined;
    },
  };
}
