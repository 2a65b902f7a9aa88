import type { NoteWebhook, WebhookOutcome } from '@xero-webhooks/queue';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { counterOf, createLogThrottle, histogramOf } from '@xero-webhooks/runtime';
import type { RequestOutcome } from './request-outcome.ts';

/** What there is to know of a request: the size of its body, how long body and decision took, and the status of its answer. */
export type RequestFigures = { readonly bytes: number; readonly ms: number; readonly status: number };

/** Called for every request. */
export type Observe = (outcome: RequestOutcome, figures: RequestFigures) => void;

/** Shortest time between two log lines of one kind about requests that anybody can send, in milliseconds. */
const QUIET_MS = 5_000;

type Options = {
  log: Log;
  metrics?: Metrics | undefined;
  /** Whether only the development key is set, which explains most refused signatures. */
  onlyDevelopmentKey: boolean;
  /** Where operators see what the last requests came to. @defaultValue nowhere */
  noteWebhook?: NoteWebhook | undefined;
  /** Told of each answer. @defaultValue nobody is */
  noteAnswer?: ((outcome: RequestOutcome, status: number) => void) | undefined;
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
  noteAnswer = () => {},
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

  return (outcome, { bytes, ms, status }) => {
    count(outcome, ms, status);
    noteAnswer(outcome, status);
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

function countRequests(metrics: Metrics | undefined): (outcome: RequestOutcome, ms: number, status: number) => void {
  if (!metrics) return () => {};
  const requests = counterOf(metrics, 'xw_requests_total');
  const unreadable = counterOf(metrics, 'xw_events_unreadable_total');
  const keys = counterOf(metrics, 'xw_signature_matches_total');
  const seconds = histogramOf(metrics, 'xw_request_duration_seconds');
  return (outcome, ms, status) => {
    requests.inc({ outcome: outcome.outcome, status });
    seconds.observe(ms / 1000);
    if ('keyIndex' in outcome) keys.inc({ key: outcome.keyIndex });
    if (outcome.outcome === 'accepted') unreadable.inc(outcome.unreadable);
  };
}
