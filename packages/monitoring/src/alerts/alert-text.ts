import { spanText } from '@xero-webhooks/runtime/span-text';
import type { AlertChange } from './compare-alerts.ts';

/** How many alerts a text names one by one. */
const NAMED = 20;

/** What is posted, for people: a line for each alert, what is over at the end. */
export function textOfAlerts(changes: readonly AlertChange[], now: number): string {
  const lines = changes.slice(0, NAMED).map((change) => lineOf(change, now));
  const more = changes.length - NAMED;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function lineOf({ state, alert: { name, text, since } }: AlertChange, now: number): string {
  const span = spanText(now - since);
  switch (state) {
    case 'raised':
      return `Alert ${name}: ${text}. What to do: docs/alerts.md#${name}`;
    case 'still open':
      return `Still open after ${span}, ${name}: ${text}`;
    case 'resolved':
      return `Resolved after ${span}, ${name}: ${text}`;
  }
}
