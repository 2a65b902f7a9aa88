import type { Backfill } from '@xero-webhooks/backfill';
import type { WebhookOutage } from '@xero-webhooks/queue';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { timeOf } from '../page/parts.ts';
import { BACKFILL_PATH } from '../paths.ts';

/** For so long after its end an outage is told of, in milliseconds. */
const TOLD_MS = 7 * 86_400_000;

/** Offers to find what was missed while the webhook failed, until somebody has done so. */
export function outageContent(
  outage: WebhookOutage | undefined,
  backfills: readonly Backfill[],
  link: (path: string) => string,
): Html | undefined {
  if (!outage || Date.now() - outage.until > TOLD_MS) return undefined;
  const isDone = backfills.some(
    ({ state, since, createdAt }) => state === 'started' && since <= outage.since && createdAt >= outage.until,
  );
  if (isDone) return undefined;
  const span = new URLSearchParams({
    since: new Date(outage.since).toISOString(),
    until: new Date(outage.until).toISOString(),
  });
  return html`<p class="notice">
    Requests of Xero failed from ${timeOf(outage.since)} to ${timeOf(outage.until)}. Xero sends again what it could not
    deliver, but not for longer than a day.
    <a href="${link(`${BACKFILL_PATH}?${span.toString()}`)}">Count what was missed</a>
  </p>`;
}
