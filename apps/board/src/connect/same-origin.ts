import type { FastifyRequest } from 'fastify';

/**
 * Whether a form was sent from a page of the board's own. Browsers say so in `Sec-Fetch-Site`, where they trust the
 * connection, and else name the page's origin (https://www.w3.org/TR/fetch-metadata/). Who says neither is refused.
 *
 * @param boardUrl BOARD_URL, for a board behind a proxy that gives it another host
 */
export function isSameOrigin(request: FastifyRequest, boardUrl: string | undefined): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === request.host || (boardUrl !== undefined && host === new URL(boardUrl).host);
}
