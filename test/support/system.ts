import { signedHeaders } from '@xero-webhooks/fake-xero';
import { inject } from 'vitest';
import type { AppProcess, AtEnd, LogLine } from '@xero-webhooks/testing';
import { startProcess } from '@xero-webhooks/testing';

export const TEST_KEY = 'test_key';

type Environment = Record<string, string>;

function shared(prefix: string): Environment {
  return { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix };
}

/** Whether a process says that it is ready, or, where that is enough, that it only waits for Redis. */
const isUp =
  (app: string, withoutRedis: boolean) =>
  ({ msg }: LogLine): boolean =>
    msg === `${app} is ready` || (withoutRedis && msg.startsWith(`${app} waits for Redis:`));

export type IngressProcess = AppProcess & { readonly url: string; readonly admin: string };

/** Starts an ingress on any free port, and waits until it is ready; or, `withoutRedis`, until it listens. */
export async function startIngress(
  prefix: string,
  environment: Environment = {},
  { withoutRedis = false, ...options }: { root?: string; atEnd?: AtEnd; withoutRedis?: boolean } = {},
): Promise<IngressProcess> {
  const variables = {
    ...shared(prefix),
    XERO_WEBHOOK_KEY: TEST_KEY,
    INGRESS_HOST: '127.0.0.1',
    INGRESS_PORT: '0',
    INGRESS_ADMIN_PORT: '0',
    ...environment,
  };
  const app = startProcess(['apps/ingress/src/main.ts'], variables, options);
  const ready = await app.line(isUp('ingress', withoutRedis), 'it was ready');
  return Object.assign(app, { url: String(ready['url']), admin: String(ready['admin']) });
}

export type WorkerProcess = AppProcess & { readonly admin: string };

/** Starts a worker with a handler module, and waits until it is ready; or, `withoutRedis`, until it waits for Redis. */
export async function startWorker(
  prefix: string,
  handlers: string,
  environment: Environment = {},
  { withoutRedis = false, ...options }: { root?: string; withoutRedis?: boolean } = {},
): Promise<WorkerProcess> {
  const variables = { ...shared(prefix), HANDLERS: handlers, WORKER_ADMIN_PORT: '0', ...environment };
  const app = startProcess(['apps/worker/src/main.ts'], variables, options);
  const ready = await app.line(isUp('worker', withoutRedis), 'it was ready');
  return Object.assign(app, { admin: String(ready['admin']) });
}

export const BOARD_LOGIN = { user: 'admin', password: 'correct horse' };

export type BoardProcess = AppProcess & { readonly url: string; readonly admin: string };

/** The value of the header with which somebody logs in at the board. */
export function basicAuthorization({ user, password }: { user: string; password: string } = BOARD_LOGIN): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Starts a board on any free port, and waits until it is ready. */
export async function startBoard(
  prefix: string,
  environment: Environment = {},
  options: { root?: string } = {},
): Promise<BoardProcess> {
  const variables = {
    ...shared(prefix),
    BOARD_PORT: '0',
    BOARD_ADMIN_PORT: '0',
    BOARD_PASSWORD: BOARD_LOGIN.password,
    ...environment,
  };
  const app = startProcess(['apps/board/src/main.ts'], variables, options);
  const ready = await app.line(({ msg }) => msg === 'board is ready', 'it was ready');
  return Object.assign(app, { url: String(ready['url']), admin: String(ready['admin']) });
}

/** Posts a body, signed unless headers are given. */
export async function post(
  url: string,
  body: string | Uint8Array,
  headers?: Record<string, string>,
): Promise<Response> {
  const bytes = Buffer.from(body as string);
  return fetch(url, { method: 'POST', body: bytes, headers: headers ?? signedHeaders(bytes, TEST_KEY) });
}
