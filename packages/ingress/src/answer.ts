import type { RequestOutcome } from './request-outcome.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** In seconds. Xero retries by itself; this asks it to wait at least that long. */
const RETRY_AFTER_S = '5';

const empty = { 'content-length': '0' };
const OK: Answer = { status: 200, headers: empty, body: '' };
const UNAUTHORIZED: Answer = { status: 401, headers: empty, body: '' };
const TOO_LARGE: Answer = { status: 413, headers: { ...empty, connection: 'close' }, body: '' };
const TOO_MANY_PIECES: Answer = { status: 400, headers: { ...empty, connection: 'close' }, body: '' };
const UNAVAILABLE: Answer = { status: 503, headers: { ...empty, 'retry-after': RETRY_AFTER_S }, body: '' };

/** The answer to a path that does not exist. */
export const NOT_FOUND: Answer = { status: 404, headers: empty, body: '' };

/** The answer to a request that is not HTTP, or lacks what HTTP requires. */
export const BAD_REQUEST: Answer = { status: 400, headers: { ...empty, connection: 'close' }, body: '' };

const METHOD_NOT_ALLOWED: Answer = { status: 405, headers: { ...empty, allow: 'POST' }, body: '' };

/**
 * The answer to a request. 200 and 401 have neither body nor cookie: Xero's check of the intent to receive fails on
 * either ("Response contains a body").
 *
 * @param unreadableStatus the answer to a signed body that cannot be read: 400, or 200 so that Xero never counts it as a
 *   failure
 */
export function answerTo(outcome: RequestOutcome, unreadableStatus: 200 | 400): Answer {
  switch (outcome.outcome) {
    case 'accepted':
    case 'intent-to-receive':
      return OK;
    case 'signature-mismatch':
      return UNAUTHORIZED;
    case 'unreadable':
      return unreadableStatus === 200 ? OK : problem(outcome.cause, outcome.detail);
    case 'method-not-allowed':
      return METHOD_NOT_ALLOWED;
    case 'too-large':
      return TOO_LARGE;
    case 'too-many-pieces':
      return TOO_MANY_PIECES;
    case 'refused':
      return UNAVAILABLE;
  }
}

/** The same answer, after which the connection is closed. */
export function closing(answer: Answer): Answer {
  return { ...answer, headers: { ...answer.headers, connection: 'close' } };
}

/** Problem JSON (RFC 9457). */
function problem(cause: string, detail: string): Answer {
  const body = JSON.stringify({ title: 'The signed body cannot be read', status: 400, detail, cause });
  return {
    status: 400,
    headers: { 'content-type': 'application/problem+json', 'content-length': String(Buffer.byteLength(body)) },
    body,
  };
}
