import { randomUUID } from 'node:crypto';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers }, body };
}

export function empty(status: number, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: '' };
}

/** Xero's variant of problem JSON. */
export function problem(status: number, title: string, detail: string): Answer {
  const body = { Type: null, Title: title, Status: status, Detail: detail, Instance: randomUUID(), Extensions: {} };
  return json(status, body);
}

/** An OAuth error (RFC 6749, 5.2); Xero answers all of them with 400. */
export function oauthError(error: string, description?: string): Answer {
  const body = description === undefined ? { error } : { error, error_description: description };
  return json(400, body, { 'cache-control': 'no-store' });
}
