import { boundedText } from '@xero-webhooks/bounded';
import { isPage, pageTitle } from './problem-text.ts';

/** An answer that refuses a call. Header names are in lower case. */
export type Refusal = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
};

/** What Xero says of tokens, scopes and organisations that it refuses, in JSON, XML, a form or `WWW-Authenticate`. */
const OF_XERO =
  /Auth(?:ori[sz]|entic)ation_?Unsuccessful|TokenExpired|\b(?:insufficient_scope|invalid_token|oauth_problem)\b|<(?:\w+:)?ApiException\b|"(?:ErrorNumber|Extensions)"\s*:/i;

/** A proxy asks for a login of its own. */
const OTHER_LOGIN = /^\s*(?:basic|digest|ntlm|negotiate|kerberos)\b/i;

/** How much of an answer is looked through for a word, in characters. */
const MAX_LOOK = 20_000;

/**
 * Tells whether something on the way to Xero has refused a call, such as a firewall, a content delivery network or a
 * company's proxy: then it says nothing about the token, the scopes or the organisation.
 *
 * @returns what is known of it, in one line, or `undefined` where the answer is Xero's
 */
export function blockedBy({ status, headers, text }: Refusal): string | undefined {
  if (status !== 401 && status !== 403 && status !== 407) return undefined;
  const login = textOf(headers['www-authenticate']);
  const start = text.slice(0, MAX_LOOK);
  const isXero = status !== 407 && !isPage(start) && (OF_XERO.test(start) || OF_XERO.test(login));
  if (isXero) return undefined;
  const isOther = status === 407 || isPage(start) || OTHER_LOGIN.test(login);
  // Xero numbers its calls. A bare 401 is not worth a doubt: another token is tried first.
  if (!isOther && (status === 401 || headers['xero-correlation-id'] !== undefined)) return undefined;
  return describe(start, headers);
}

/** What whoever runs the firewall asks for: what it is, and its number for the call. */
function describe(text: string, headers: Refusal['headers']): string {
  const title = isPage(text) ? pageTitle(text) : '';
  const server = textOf(headers['server']) || textOf(headers['via']);
  const [, reference = ''] = /Reference\s{0,5}(?:&#32;|&nbsp;|\s){0,5}(?:#|&#35;)([\w.&#;]{4,100})/i.exec(text) ?? [];
  const number = textOf(headers['cf-ray']) || reference.replaceAll(/&#46;/g, '.').replaceAll(/[^\w.]/g, '');
  const parts = [title && `"${title}"`, server && `server ${server}`, number && `reference ${number}`].filter(Boolean);
  return parts.length === 0 ? 'it does not say what it is' : parts.join(', ');
}

function textOf(header: unknown): string {
  const text = Array.isArray(header) ? header.join(', ') : header;
  return typeof text === 'string' ? boundedText(text.replaceAll(/\s+/g, ' ').trim(), 100) : '';
}
