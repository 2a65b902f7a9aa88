import type { Log, Metrics } from '@xero-webhooks/runtime';
import { Counter, createLogThrottle } from '@xero-webhooks/runtime';
import type { RequestOutcome } from './outcome.ts';

/** Why a request was refused: the webhook's own reasons, and those of the server before it. */
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
   * Warns of a request that looks like one of Xero's and was looked for where nothing is.
   *
   * @param url what the request asked for, as it came
   * @param path where the webhook is
   */
  misdirected(url: string, path: string): void;
};

/** Anybody can send such requests: there is a line about them at most this often, in milliseconds. */
const QUIET_MS = 5_000;

/** How much of the path that somebody asked for is shown, in characters. */
const MAX_SHOWN = 100;

/** Counts the requests that are refused, by their reason, and makes those visible that Xero sends to the wrong path. */
export function createRefusals(log: Log, metrics: Metrics | undefined, now: () => number = Date.now): Refusals {
  const seldom = createLogThrottle(QUIET_MS, now);
  const refused =
    metrics &&
    new Counter({
      name: 'xw_requests_refused_total',
      help: 'Requests answered 4xx or 5xx, by status and reason, those that never reached the webhook included',
      labelNames: ['status', 'reason'],
      registers: [metrics],
    });
  return {
    count: (status, reason) => refused?.inc({ status, reason }),
    misdirected(url, path) {
      try {
        seldom('misdirected', (unlogged) =>
          log.warn(
            { path: shown(url), webhookPath: path, unlogged },
            `a request with an x-xero-signature came to a path that is not the webhook's: the webhook is at ${path}. Correct the delivery URL in the Xero developer portal, or change the path of the webhook (WEBHOOK_PATH)`,
          ),
        );
      } catch {
        // There is nothing left to say it with.
      }
    },
  };
}

/** What can stand in a log: no query, which can hold a secret, and no character that a terminal would act on. */
function shown(url: string): string {
  const [path = ''] = url.split(/[?#]/, 1);
  const printable = path.replaceAll(/[^\x21-\x7e]/g, '?');
  return printable.length > MAX_SHOWN ? `${printable.slice(0, MAX_SHOWN)}…` : printable;
}
