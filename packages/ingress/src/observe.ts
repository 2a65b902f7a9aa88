import type { NoteWebhook, WebhookOutcome } from '@xero-webhooks/queue';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { Counter, createLogThrottle, Histogram } from '@xero-webhooks/runtime';
import type { RequestOutcome } from './request-outcome.ts';

/** Called for every request: its outcome, the size of its body in bytes, and how long body and decision took, in ms. */
export type Observe = (outcome: RequestOutcome, bytes: number, ms: number) => void;

/** Shortest time between two log lines of one kind about requests that anybody can send, in milliseconds. */
const QUIET_MS = 5_000;

type Options = {
  log: Log;
  metrics?: Metrics | undefined;
  /** Whether only the development key is set, which explains most refused signatures. */
  onlyDevelopmentKey: boolean;
  /** Where operators see what the last requests came to. @defaultValue nowhere */
  noteWebhook?: NoteWebhook | undefined;
  now?: () => number;
};

/**
 * Writes one wide log line for each request, and counts it in the metrics.
 *
 * It never throws: if the host application's logger throws, a request whose events are stored still gets its answer.
 */
export function createObserve({
  log,
  metrics,
  onlyDevelopmentKey,
  noteWebhook = () => {},
  now = Date.now,
}: Options): Observe {
  const count = countRequests(metrics);
  const seldom = createLogThrottle(QUIET_MS, now);

  function note(outcome: RequestOutcome, bytes: number, ms: number): void {
    const fields = { ...outcome, bytes, ms: Math.round(ms * 10) / 10 };
    switch (outcome.outcome) {
      case 'accepted':
        if (outcome.unreadable === 0) log.info(fields, 'request accepted');
        else
          log.error(
            { ...fields, alert: 'unreadable' },
            'request accepted, but some of its events cannot be read: see the quarantine',
          );
        return;
      case 'intent-to-receive':
        log.info(fields, 'intent to receive confirmed');
        return;
      case 'unreadable':
        log.error({ ...fields, alert: 'unreadable' }, 'signed body cannot be read: see the quarantine');
        return;
      case 'signature-mismatch':
        seldom(outcome.outcome, (unlogged) =>
          log.warn({ ...fields, unlogged }, mismatch(outcome.signed, onlyDevelopmentKey)),
        );
        return;
      case 'method-not-allowed':
        return;
      case 'too-many-pieces':
        seldom(outcome.outcome, (unlogged) =>
          log.warn(
            { ...fields, unlogged },
            'request refused: its body comes in too many small chunks. A proxy that buffers request bodies stops such requests',
          ),
        );
        return;
      case 'too-large':
        seldom(outcome.outcome, (unlogged) =>
          log.error({ ...fields, unlogged, alert: 'too-large' }, 'request refused: larger than MAX_BODY_BYTES'),
        );
        return;
      case 'refused': {
        const { error, ...rest } = { error: undefined, ...fields };
        seldom(`refused: ${outcome.reason}`, (unlogged) =>
          log.error(
            { ...rest, unlogged, ...(error === undefined ? {} : { err: error }) },
            'request refused: Xero will try again',
          ),
        );
      }
    }
  }

  return (outcome, bytes, ms) => {
    count(outcome, ms);
    const kind = webhookOutcome(outcome);
    if (kind) noteWebhook(kind, 'keyIndex' in outcome ? outcome.keyIndex : undefined);
    try {
      note(outcome, bytes, ms);
    } catch {
      // Logging itself failed: there is nowhere to report it.
    }
  };
}

/** What operators ask for; a wrong method or a body that is too long says nothing of the webhook. */
function webhookOutcome({ outcome }: RequestOutcome): WebhookOutcome | undefined {
  switch (outcome) {
    case 'accepted':
    case 'intent-to-receive':
    case 'signature-mismatch':
    case 'unreadable':
    case 'refused':
      return outcome;
    default:
      return undefined;
  }
}

function mismatch(signed: boolean, onlyDevelopmentKey: boolean): string {
  if (!signed) return 'request refused: it has no signature';
  const hint =
    "; only the development key is set. Set XERO_WEBHOOK_KEY to your app's webhook key from the Xero developer portal";
  return `signature refused: it matches no key${onlyDevelopmentKey ? hint : ''}`;
}

function countRequests(metrics: Metrics | undefined): (outcome: RequestOutcome, ms: number) => void {
  if (!metrics) return () => {};
  const registers = [metrics];
  const requests = new Counter({
    name: 'xw_requests_total',
    help: 'Requests by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const events = new Counter({
    name: 'xw_events_accepted_total',
    help: 'Events accepted, duplicates included',
    registers,
  });
  const unreadable = new Counter({
    name: 'xw_events_unreadable_total',
    help: 'Events in accepted requests that cannot be read',
    registers,
  });
  const keys = new Counter({
    name: 'xw_signature_matches_total',
    help: 'Verified requests by the position of the matching key in XERO_WEBHOOK_KEY, from 0',
    labelNames: ['key'],
    registers,
  });
  const seconds = new Histogram({
    name: 'xw_request_seconds',
    help: 'From the headers of a request to the decision on it, in seconds',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  return (outcome, ms) => {
    requests.inc({ outcome: outcome.outcome });
    seconds.observe(ms / 1000);
    if ('keyIndex' in outcome) keys.inc({ key: outcome.keyIndex });
    if (outcome.outcome === 'accepted') {
      events.inc(outcome.events);
      unreadable.inc(outcome.unreadable);
    }
  };
}
