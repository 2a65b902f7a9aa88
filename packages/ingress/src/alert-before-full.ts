import type { QuarantinedBody, QuarantineOutcome } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import { createLogThrottle } from '@xero-webhooks/runtime';

type Keep = (body: QuarantinedBody) => Promise<QuarantineOutcome>;

/** The part of its limit from which on the quarantine needs attention: once it is full, requests get 503. */
const ALERT_FROM = 0.5;

/** Shortest time between two alerts, in milliseconds. */
const QUIET_MS = 60_000;

/** Logs an alert when a body is kept while the quarantine is at least half full. */
export function alertBeforeFull(keep: Keep, maxBytes: number, log: Log, now: () => number = Date.now): Keep {
  const seldom = createLogThrottle(QUIET_MS, now);
  return async (body) => {
    const kept = await keep(body);
    if ('usedBytes' in kept && kept.usedBytes >= ALERT_FROM * maxBytes) {
      const { usedBytes } = kept;
      seldom('quarantine-filling', () =>
        log.error(
          { alert: 'quarantine-filling', usedBytes, maxBytes },
          'the quarantine is filling up: replay or drop its entries, or raise QUARANTINE_BYTES',
        ),
      );
    }
    return kept;
  };
}
