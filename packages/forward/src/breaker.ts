import { hash } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import { bindScript } from '@xero-webhooks/runtime';
import { FORWARD_TIMEOUT_MS } from './post-message.ts';
import type { Health } from './judge.ts';

/** How to go on with what was let through. `known`: whether failures of the receiver are known; `tries`: see below. */
export type Permit = { readonly outcome: 'go'; readonly known: boolean; readonly tries: boolean };

/** @see createBreaker */
export type Breaker = {
  /** `tries`: the receiver has failed, and this message tries whether it is well again while all others wait. */
  admit(address: string): Promise<Permit | { outcome: 'wait'; delayMs: number; reason: string }>;
  /**
   * Notes what a message came to.
   *
   * @returns `closed` if all messages to the receiver wait from now on, for `ms` milliseconds at first; `open` if they no
   *   longer do
   */
  note(address: string, id: string, permit: Permit, health: Health): Promise<Change | undefined>;
};

export type Change = { readonly change: 'closed'; readonly ms: number } | { readonly change: 'open' };

/** Failures in a row, of more than one message, before all wait. */
const FAILURES = 5;

/** How long all wait then, in milliseconds; it doubles with each try that fails. */
const FIRST_WAIT_MS = 5_000;
const MAX_WAIT_MS = 300_000;

/** How soon the others come back while one tries, in milliseconds. */
const SOON_MS = 1_000;

/** From one that waits to the next: 200 a second, in milliseconds. */
const SPREAD_MS = 5;

/** How long a receiver's failures are remembered, in milliseconds. */
const KEPT_MS = 3_600_000;

/** How long the resource for it may take, in milliseconds. */
const READ_MS = 20_000;

/** Longer than a message takes, so that one whose process dies holds the others up no longer than that. In milliseconds. */
const TRY_MS = READ_MS + FORWARD_TIMEOUT_MS;

const GO: Permit = { outcome: 'go', known: false, tries: false };

/**
 * Keeps messages from a receiver that keeps failing, for all workers: it is kept in Redis. After several failures in a row
 * all wait; then one message tries, and the others follow if it arrives.
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
      const reply = await admit([keyOf(address)], [TRY_MS, SOON_MS, SPREAD_MS]).catch(() => undefined);
      const [word, second, third] = (reply ?? []) as [string?, (number | string)?, (number | string)?];
      if (word === 'wait') return { outcome: 'wait', delayMs: Number(second), reason: String(third) };
      return { ...GO, known: second === 1, tries: third === 1 };
    },
    async note(address, id, permit, health) {
      // Nearly always: a receiver that is well costs one call.
      if (health.health === 'well' && !permit.known) return undefined;
      const { reason = '', waitMs = 0 } = health.health === 'ailing' ? health : {};
      const words = [health.health, permit.tries ? 1 : 0, id, reason, waitMs];
      const bounds = [FAILURES, FIRST_WAIT_MS, MAX_WAIT_MS, KEPT_MS];
      const reply = await noteResult([keyOf(address)], [...words, ...bounds]).catch(() => []);
      const [change, ms] = reply as [string?, (number | string)?];
      if (change === 'closed') return { change, ms: Number(ms) };
      return change === 'open' ? { change } : undefined;
    },
  };
}
