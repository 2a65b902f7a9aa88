import type { Log, Metrics } from '@xero-webhooks/runtime';
import { counterOf, createLogThrottle } from '@xero-webhooks/runtime';
import type { RequestOutcome } from './request-outcome.ts';

/** Why a request was refused: by the webhook itself, or by the server in front of it. */
export type RefusalReason =
  | RequestOutcome['outcome']
  | 'not-found'
  | 'malformed'
  | 'headers-too-large'
  | 'not-complete-in-time';

export type Refusals = {
  /** Counts a request that was answered 4xx or 5xx. */
  count(status: number, reason: RefusalReason): void;
  /**
   * Warns about a request that looks like Xero's but went to a path that does not exist.
   *
   * @param url what the request asked for, unchanged
   * @param path the webhook's path
   */
  misdirected(url: string, path: string): void;
};

/** Shortest time between two such warnings, in milliseconds: anybody can send such requests. */
const QUIET_MS = 5_000;

/** Longest requested path shown in the log, in characters. */
const MAX_SHOWN = 100;

/** Counts refused requests by reason, and warns when Xero sends requests to the wrong path. */
export function createRefusals(log: Log, metrics: Metrics | undefined, now: () => number = Date.now): Refusals {
  const seldom = createLogThrottle(QUIET_MS, now);
  const refused = metrics && counterOf(metrics, 'xw_requests_refused_total');
  return {
    count: (status, reason) => refused?.inc({ status, reason }),
    misdirected(url, path) {
      try {
        seldom('misdirected', (unlogged) =>
          log.warn(
            { path: shown(url), webhookPath: path, unlogged },
            `a request with an x-xero-signature went to the wrong path: the webhook is at ${path}. Correct the delivery URL in the Xero developer portal, or change the webhook's path (WEBHOOK_PATH)`,
          ),
        );
      } catch {
        // Logging itself failed: there is nowhere to report it.
      }
    },
  };
}

/** A path that is safe to log: no query, which may hold a secret, and no control characters for the terminal. */
function shown(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  const printable = path.replaceAll(/[^\x21-\x7e]/g, '?');
  return printable.length > MAX_SHOWN ? `${printable.slice(0, MAX_SHOWN)}…` : printable;
}
