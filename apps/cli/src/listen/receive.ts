import type { IncomingMessage } from 'node:http';
import type { XeroEvent, ParsedPayload, SignatureCheck } from '@xero-webhooks/webhook';
import { parsePayload, SIGNATURE_HEADER } from '@xero-webhooks/webhook';

/** Longest body that is read, in bytes: as the ingress's MAX_BODY_BYTES. */
const MAX_BODY = 5_242_880;

/** What came of one request, and the answer to it. */
export type Received =
  | { outcome: 'not-found' | 'not-post' | 'too-large' | 'refused'; status: 404 | 405 | 413 | 401; detail: string }
  | { outcome: 'unreadable'; status: 400; detail: string; body: Buffer }
  | { outcome: 'received'; status: 200; events: readonly XeroEvent[]; unreadable: readonly string[]; body: Buffer };

/** Reads and verifies a request as the ingress does. */
export async function receive(request: IncomingMessage, path: string, verify: SignatureCheck): Promise<Received> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname !== path) return { outcome: 'not-found', status: 404, detail: `webhooks arrive at ${path}` };
  if (request.method !== 'POST') return { outcome: 'not-post', status: 405, detail: `${request.method} is not POST` };

  const body = await readBody(request);
  if (!body) return { outcome: 'too-large', status: 413, detail: `the body is longer than ${MAX_BODY} bytes` };
  const signature = request.headers[SIGNATURE_HEADER];
  if (!verify(body, Array.isArray(signature) ? undefined : signature).matched) {
    const detail = signature === undefined ? 'there is no signature' : 'the signature was not made with this key';
    return { outcome: 'refused', status: 401, detail };
  }
  return read(body, parsePayload(body));
}

function read(body: Buffer, payload: ParsedPayload): Received {
  switch (payload.outcome) {
    case 'unreadable':
      return { outcome: 'unreadable', status: 400, detail: payload.detail, body };
    case 'intent-to-receive':
      return { outcome: 'received', status: 200, events: [], unreadable: [], body };
    case 'events': {
      const unreadable = payload.unreadable.map(({ index, detail }) => `event ${index}: ${detail}`);
      return { outcome: 'received', status: 200, events: payload.events.map(({ event }) => event), unreadable, body };
    }
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size <= MAX_BODY ? Buffer.concat(chunks) : undefined;
}
