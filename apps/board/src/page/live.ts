import { hash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How often a page's content is looked at, in milliseconds. */
const LOOK_MS = 1_000;

/** A line that says nothing, so that proxies keep the connection; in milliseconds. */
const KEEP_ALIVE_MS = 15_000;

/** After this the browser connects anew, in milliseconds: a page that is forgotten in a tab costs little. */
const MAX_MS = 600_000;

/**
 * Where a page that is live listens for changes of what it shows.
 *
 * @param path where `sendChanges` answers
 * @param shown the text that differs where the page would, of what the page shows
 */
export function livePath(path: string, shown: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}seen=${markOf(shown)}`;
}

function markOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, 16);
}

/**
 * Tells a page by server-sent events whenever what it shows has changed
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 *
 * @param look returns a text that differs where the page would
 */
export async function sendChanges(
  request: FastifyRequest,
  reply: FastifyReply,
  look: () => Promise<string>,
): Promise<void> {
  reply.hijack();
  const { raw } = reply;
  const gone = new AbortController();
  raw.on('close', () => gone.abort());
  const headers = reply.getHeaders() as Record<string, string>;
  raw.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  raw.flushHeaders();
  // What changes between the page and the first look counts, too.
  const { seen: shown } = request.query as { seen?: unknown };
  let seen = typeof shown === 'string' ? shown : undefined;
  let wroteAt = performance.now();
  const end = performance.now() + MAX_MS;
  while (!gone.signal.aborted && request.server.server.listening && performance.now() < end) {
    // A look that fails says nothing: the page shows what it has.
    const now = await look().then(markOf, () => seen);
    const isChange = seen !== undefined && now !== seen;
    seen = now;
    if (isChange || performance.now() - wroteAt > KEEP_ALIVE_MS) {
      raw.write(isChange ? 'event: changed\ndata:\n\n' : ':\n\n');
      wroteAt = performance.now();
    }
    await wait(LOOK_MS, undefined, { signal: gone.signal }).catch(() => {});
  }
  raw.end();
}
