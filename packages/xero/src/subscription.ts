import { createHttpClient } from '@xero-webhooks/http-client';
import { problemText } from './api/problem-text.ts';
import { readJson } from './api/read-json.ts';
import { XeroError } from './xero-error.ts';

/** A webhook subscription, as tutorials make it. */
export type SubscriptionWords = {
  /** Where Xero is to send webhooks: HTTPS on port 443. */
  readonly url: string;
  /** For example `['INVOICE', 'CONTACT']`. */
  readonly events: readonly string[];
};

type Options = {
  /** XERO_API_URL. @defaultValue `https://api.xero.com` */
  apiUrl?: string;
  /** How long Xero may take, in milliseconds. @defaultValue 15000 */
  timeoutMs?: number;
};

const MAX_BYTES = 1_000_000;

/**
 * Asks Xero for a webhook subscription, at the address that tutorials show: `POST /connections/webhooks/subscriptions`. No
 * document of Xero's has it; where it is not there, the developer portal is the way.
 *
 * @param accessToken of the app that is to be told
 * @returns what Xero answered
 * @throws XeroError `XW_XERO_PORTAL_ONLY` where Xero has no such address, else `XW_XERO_UNAUTHORISED`, `XW_XERO_REFUSED` or
 *   `XW_XERO_UNREACHABLE`
 */
export async function createSubscription(
  { url, events }: SubscriptionWords,
  accessToken: string,
  { apiUrl = 'https://api.xero.com', timeoutMs = 15_000 }: Options = {},
): Promise<unknown> {
  const http = createHttpClient({ timeoutMs, maxBytes: MAX_BYTES });
  const result = await http.request({
    method: 'POST',
    url: `${apiUrl}/connections/webhooks/subscriptions`,
    headers: { authorization: `Bearer ${accessToken}` },
    body: { url, events },
  });
  http.close();
  if (result.outcome === 'silent') {
    throw new XeroError('XW_XERO_UNREACHABLE', `Xero could not be reached (${result.code ?? 'no answer'})`);
  }
  const { status, text } = result;
  const said = problemText(text);
  if (status === 404) {
    throw new XeroError(
      'XW_XERO_PORTAL_ONLY',
      'Xero has no address at which subscriptions are made (404): make it in the developer portal, https://developer.xero.com/app/manage, under Webhooks of your app',
      { status },
    );
  }
  if (status < 200 || status >= 300) {
    const code = status === 401 || status === 403 ? 'XW_XERO_UNAUTHORISED' : 'XW_XERO_REFUSED';
    throw new XeroError(code, `Xero answered ${status}${said ? `: ${said}` : ''}`, { status });
  }
  try {
    return readJson(text);
  } catch {
    return undefined;
  }
}
