import type { Message } from '@xero-webhooks/handlers';
import type { HttpResult } from '@xero-webhooks/http-client';
import { createHttpClient } from '@xero-webhooks/http-client';
import { signMessage } from './sign-message.ts';

/** How long a receiver may take to answer, in milliseconds. */
export const FORWARD_TIMEOUT_MS = 15_000;

/** How much of an answer is read, in bytes: its status says it all, and a little more is shown. */
const MAX_ANSWER_BYTES = 16_384;

export type PostMessage = {
  /** Posts a message once. It never throws. */
  post(message: Omit<Message, 'body'> & { body: string }): Promise<HttpResult>;
  /** Closes all connections. */
  close(): void;
};

/** @param allowPrivate FORWARD_ALLOW_PRIVATE: whether to connect to addresses that are not public */
export function createPostMessage(allowPrivate: boolean): PostMessage {
  const http = createHttpClient({
    timeoutMs: FORWARD_TIMEOUT_MS,
    maxBytes: MAX_ANSWER_BYTES,
    answers: 'start',
    publicOnly: !allowPrivate,
  });
  return {
    post: (message) =>
      http.request({
        method: 'POST',
        url: message.url,
        headers: {
          'content-type': 'application/json',
          'user-agent': 'xero-webhooks',
          accept: '*/*',
          ...signMessage(message, Date.now()),
        },
        body: message.body,
        signal: message.signal,
      }),
    close: http.close,
  };
}
