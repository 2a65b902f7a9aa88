import type { FastifyRequest } from 'fastify';

/**
 * Whether a form was sent from one of the board's own pages. Browsers say so in `Sec-Fetch-Site` on connections that they
 * trust, and otherwise name the page's origin (https://www.w3.org/TR/fetch-metadata/). A request with neither is refused.
 *
 * @param boardUrl BOARD_URL, for a board behind a proxy that changes the host
 */
export function isSameOrigin(request: FastifyRequest, boardUrl: string | undefined): boolean {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  if (origin === undefined || !URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === request.host || (boardUrl !== undefined && host === new URL(boardUrl).host);
}
