import type { FastifyReply } from 'fastify';
import { CONNECT_PATH } from '../paths.ts';
import type { Notice } from './view.ts';
import { faultPage } from './view.ts';

const AGAIN = 'Begin again with “Connect organisations”.';

/** What somebody can do about each of the faults that the connect page shows. */
const REMEDIES = {
  XW_CONNECT_DENIED: `Nothing was connected. ${AGAIN} At Xero, allow access; only users of an organisation who may connect apps can.`,
  XW_CONNECT_DISCONNECT: 'Wait a little and press Disconnect again: it does what is left to do.',
  XW_CONNECT_FAILED: 'Look at the board’s log, and try again.',
  XW_CONNECT_FOREIGN:
    'Open the connect page again and use its button. Behind a proxy, set BOARD_URL to the address that browsers use.',
  XW_CONNECT_NOTHING: `${AGAIN} Choose an organisation at Xero.`,
  XW_CONNECT_READ_ONLY: 'Connect and disconnect on a board that is started without it.',
  XW_CONNECT_REFUSED: `${AGAIN} If it happens once more, compare the app in the developer portal with the redirect URI on the connect page and with XERO_SCOPES.`,
  XW_CONNECT_STATE: `${AGAIN} Use one browser for the whole way, and be back within ten minutes.`,
  XW_CONNECT_UNAVAILABLE: `Wait a little. ${AGAIN}`,
  XW_XERO_CLIENT_REFUSED: 'Correct the variables, start the board again, and connect once more.',
} as const;

/** A fault that the connect page shows; docs/errors.md explains each. */
export type FaultCode = keyof typeof REMEDIES;

/** What the connect page's routes answer with. */
export type Answers = {
  /** Answers with the page of a fault. */
  showFault(reply: FastifyReply, status: number, code: FaultCode, reason: string): FastifyReply;
  /** Leads to the page of connected organisations, with what happened at its top. */
  showNotice(reply: FastifyReply, notice?: Notice): FastifyReply;
};

/** @param basePath the path below which browsers see the board, without a slash at its end */
export function createAnswers(basePath: string): Answers {
  return {
    showFault: (reply, status, code, reason) =>
      sendHtml(reply.code(status), faultPage({ code, reason, remedy: REMEDIES[code], basePath })),
    showNotice: (reply, notice) =>
      reply.redirect(`${basePath}${CONNECT_PATH}${notice === undefined ? '' : `?notice=${notice}`}`, 303),
  };
}

/** Answers with a page. */
export function sendHtml(reply: FastifyReply, text: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(text);
}
