import type { Log } from '@xero-webhooks/runtime';
import type { Connect } from '@xero-webhooks/xero-auth';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { equal } from '../equal.ts';
import { readCookie } from '../page/cookies.ts';
import type { Site } from '../page/site.ts';
import { CALLBACK_PATH, CONNECT_PATH, START_PATH } from '../paths.ts';
import type { ConnectFaultCode } from './faults.ts';
import { connectFault } from './faults.ts';
import { noticeQuery } from './view.ts';

type Options = {
  connect: Connect;
  redirectUri: (request: FastifyRequest) => string;
  site: Site;
  log: Log;
};

/** Binds an authorisation to the browser that began it; `Lax`, because Xero sends the user back from another site. */
const STATE_COOKIE = 'xw-connect-state';
const STATE_SECONDS = 600;

/** Adds the way to Xero and back. */
export function addAuthorisationRoutes(pages: FastifyInstance, { connect, redirectUri, site, log }: Options): void {
  const setState = (reply: FastifyReply, value: string, maxAge: number): void =>
    site.cookies.set(reply, { name: STATE_COOKIE, value, path: CALLBACK_PATH, sameSite: 'Lax', maxAge });
  const showFault = (reply: FastifyReply, status: number, code: ConnectFaultCode, reason: string): FastifyReply =>
    site.showFault(reply, connectFault(status, code, reason));

  pages.get(START_PATH, async (request, reply) => {
    const { url, state } = await connect.begin(redirectUri(request));
    setState(reply, state, STATE_SECONDS);
    return reply.redirect(url, 302);
  });

  pages.get<{ Querystring: Record<string, unknown> }>(CALLBACK_PATH, async (request, reply) => {
    const { state, code, error } = request.query;
    const expected = readCookie(request, STATE_COOKIE);
    setState(reply, '', 0);
    if (typeof state !== 'string' || expected === undefined || !equal(state, expected)) {
      const reason = 'This sign-in was started in another browser, was already used, or has expired';
      return showFault(reply, 400, 'XW_CONNECT_STATE', reason);
    }
    if (error === 'access_denied') return showFault(reply, 400, 'XW_CONNECT_DENIED', 'Access was denied at Xero');
    if (typeof code !== 'string') {
      return showFault(reply, 400, 'XW_CONNECT_REFUSED', `Xero sent no authorisation code (${wordIn(error)})`);
    }
    const completed = await connect.complete(state, code);
    if (completed.outcome === 'connected') {
      log.info({ organisations: completed.organisations }, 'organisations were connected');
      return site.redirect(reply, CONNECT_PATH, noticeQuery('connected'));
    }
    log.warn({ code: completed.code, reason: completed.reason }, 'organisations could not be connected');
    const isBehindUs = completed.code === 'XW_CONNECT_UNAVAILABLE' || completed.code === 'XW_XERO_CLIENT_REFUSED';
    return showFault(reply, isBehindUs ? 502 : 400, completed.code, completed.reason);
  });
}

/** Shows only an error code of OAuth's form (https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1). */
function wordIn(error: unknown): string {
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : 'without an error code';
}
