import type { AlertChange } from './compare-alerts.ts';
import { textOfAlerts } from './alert-text.ts';
import { fillTemplate } from './template.ts';

/** Posts what there is to tell. @returns why it could not, or `undefined` once it is posted */
export type PostAlerts = (changes: readonly AlertChange[], now: number) => Promise<string | undefined>;

/** How many alerts a post has one by one. */
const LISTED = 100;

/** What `xw alerts --test` posts. */
const TEST_TEXT = 'This is a test of xero-webhooks: alerts arrive here.';

/** How long a post may take, in milliseconds, and how long its answer may be, in bytes. */
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 100_000;

/**
 * Opens the way to whoever is told of alerts. All of a moment go in one post.
 *
 * @param url ALERT_URL: a secret, since whoever knows it can post
 * @param template ALERT_TEMPLATE @defaultValue the text, and the alerts one by one
 */
export async function openPostAlerts(
  url: string,
  template: string | undefined,
): Promise<{ post: PostAlerts; close(): void }> {
  const { send, close } = await openSend(url, template);
  return {
    close,
    post: (changes, now) => send(textOfAlerts(changes, now), changes.slice(0, LISTED).map(itemOf)),
  };
}

async function openSend(url: string, template: string | undefined) {
  // Only where it is needed: an ingress calls nobody else.
  const { createHttpClient } = await import('@xero-webhooks/http-client');
  const http = createHttpClient({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_ANSWER_BYTES });
  return {
    close: http.close,
    async send(text: string, alerts: readonly object[]): Promise<string | undefined> {
      const body = template === undefined ? { text, alerts } : fillTemplate(template, text);
      const result = await http.request({ method: 'POST', url, body });
      if (result.outcome === 'answered') {
        return result.status >= 200 && result.status < 300 ? undefined : `it answers ${result.status}`;
      }
      return result.late ? 'it does not answer' : `it cannot be reached (${result.code ?? 'no code'})`;
    },
  };
}

/** Posts a text that says that it is a test. @returns why it could not, or `undefined` once it is posted */
export async function postTestAlert(url: string, template: string | undefined): Promise<string | undefined> {
  const { send, close } = await openSend(url, template);
  try {
    return await send(TEST_TEXT, []);
  } finally {
    close();
  }
}

function itemOf({ state, alert: { name, subject, text, since } }: AlertChange) {
  return { alert: name, state, subject, text, since: new Date(since).toISOString() };
}
