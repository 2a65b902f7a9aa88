import type { QuarantinedBody, QuarantineOutcome } from '@xero-webhooks/queue';
import type { Log } from '@xero-webhooks/runtime';
import { createLogThrottle } from '@xero-webhooks/runtime';

type Keep = (body: QuarantinedBody) => Promise<QuarantineOutcome>;

/** From this part of its bound on, somebody should look at the quarantine: when it is full, requests get 503. */
const ALERT_FROM = 0.5;

/** At most one alert in this time, in milliseconds. */
const QUIET_MS = 60_000;

/** Raises an alert, well before the quarantine is full, whenever something is added to it. */
export function alertBeforeFull(keep: Keep, maxBytes: number, log: Log, now: () => number = Date.now): Keep {
  const seldom = createLogThrottle(QUIET_MS, now);
  return async (body) => {
    const kept = await keep(body);
    if ('usedBytes' in kept && kept.usedBytes >= ALERT_FROM * maxBytes) {
      const { usedBytes } = kept;
      seldom('quarantine-filling', () =>
        log.error(
          { alert: 'quarantine-filling', usedBytes, maxBytes },
          'the quarantine is filling up: replay or drop what is in it, or raise QUARANTINE_BYTES',
        ),
      );
    }
    return kept;
  };
}
