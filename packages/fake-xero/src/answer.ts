import { randomUUID } from 'node:crypto';

/** What is sent back for a call. */
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

/** Xero's own form of problem JSON. */
export function problem(status: number, title: string, detail: string): Answer {
  const body = { Type: null, Title: title, Status: status, Detail: detail, Instance: randomUUID(), Extensions: {} };
  return json(status, body);
}

/** An error as OAuth has it (RFC 6749, 5.2), with the 400 that Xero answers for every one of them. */
export function oauthError(error: string, description?: string): Answer {
  const body = description === undefined ? { error } : { error, error_description: description };
  return json(400, body, { 'cache-control': 'no-store' });
}
