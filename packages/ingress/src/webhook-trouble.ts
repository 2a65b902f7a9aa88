import type { WebhookOutage } from '@xero-webhooks/queue';
import type { RequestOutcome } from './request-outcome.ts';

/** How Xero sees this webhook, as far as this process can tell. It is in memory, because Redis may be what is away. */
export type WebhookTrouble = {
  note(outcome: RequestOutcome, status: number): void;
  /** Since when each request with a right signature has failed, in milliseconds since 1970; `undefined` if none did last. */
  failingSince(): number | undefined;
  /** Since when each request with a signature has had a wrong one, and how many; `undefined` if the last one was right. */
  mismatches(): { readonly since: number; readonly count: number } | undefined;
};

/** Shorter ones are not worth a word once they are over: Xero sends again what failed. In milliseconds. */
const OUTAGE_MS = 60_000;

/**
 * Keeps since when the webhook has been failing. Anything but a 2xx is a failure to Xero, which disables the webhook of the
 * whole app after 24 hours of them (https://developer.xero.com/documentation/guides/webhooks/overview/).
 *
 * @param onOver told of each time for which it failed for more than a minute, once a request is accepted
 */
export function createWebhookTrouble(
  now: () => number = Date.now,
  onOver: (outage: WebhookOutage) => void = () => {},
): WebhookTrouble {
  let failingSince: number | undefined;
  let mismatches: { since: number; count: number } | undefined;
  return {
    note(outcome, status) {
      if (outcome.outcome === 'signature-mismatch') {
        // Anybody can send a request without a signature.
        if (outcome.signed) mismatches = { since: mismatches?.since ?? now(), count: (mismatches?.count ?? 0) + 1 };
      } else if ('keyIndex' in outcome) {
        mismatches = undefined;
        // Xero's test of the endpoint needs no Redis, and says nothing of events.
        if (outcome.outcome === 'intent-to-receive') return;
        const until = now();
        if (status >= 300) failingSince ??= until;
        else if (failingSince !== undefined) {
          if (until - failingSince >= OUTAGE_MS) onOver({ since: failingSince, until });
          failingSince = undefined;
        }
      }
    },
    failingSince: () => failingSince,
    mismatches: () => mismatches,
  };
}
