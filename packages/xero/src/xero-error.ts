/** Why a read from Xero came to nothing, as docs/errors.md explains it. */
export type XeroErrorCode =
  | 'XW_XERO_UNREACHABLE'
  | 'XW_XERO_ANSWER'
  | 'XW_XERO_BLOCKED'
  | 'XW_XERO_REFUSED'
  | 'XW_XERO_NOT_FOUND'
  | 'XW_XERO_UNAUTHORISED'
  | 'XW_XERO_NO_RESOURCE'
  | 'XW_XERO_NOT_CONFIGURED'
  | 'XW_XERO_PATH'
  | 'XW_XERO_LIST_UNFINISHED'
  | 'XW_XERO_PORTAL_ONLY';

type Words = {
  /** What Xero answered, if it did. */
  status?: number | undefined;
  /** Xero's own number of the call, for its support. */
  correlationId?: string | undefined;
  /** How long Xero asked to wait, in milliseconds. */
  retryAfterMs?: number | undefined;
};

/**
 * A read from Xero that came to nothing. Its message says what Xero said and what to do; neither it nor anything that hangs
 * on it holds a token: no error of the HTTP client is ever kept as its cause.
 */
export class XeroError extends Error {
  readonly code: XeroErrorCode;
  /** The status that Xero answered. */
  readonly status?: number;
  /** Xero's own number of the call, for its support. */
  readonly correlationId?: string;
  /** How long Xero asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The same in the form that a handler's failure is searched for, so that the next attempt waits as long. */
  readonly headers?: Readonly<Record<string, string>>;

  constructor(code: XeroErrorCode, message: string, { status, correlationId, retryAfterMs }: Words = {}) {
    super(message);
    this.name = 'XeroError';
    this.code = code;
    if (status !== undefined) this.status = status;
    if (correlationId !== undefined) this.correlationId = correlationId;
    if (retryAfterMs !== undefined) {
      this.retryAfterMs = retryAfterMs;
      this.headers = { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) };
    }
  }
}

/** What a read comes to of what Xero does not have. */
export function notFound(what: string): XeroError {
  return new XeroError('XW_XERO_NOT_FOUND', `Xero has no ${what} in this organisation`, { status: 404 });
}
