import type { Log } from '@xero-webhooks/runtime';
import type { Connect } from '@xero-webhooks/xero-auth';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { equal } from '../equal.ts';
import type { Answers } from './answer.ts';
import { cookie, readCookie } from './cookies.ts';
import { CALLBACK_PATH, START_PATH } from '../paths.ts';

type Options = {
  connect: Connect;
  redirectUri: (request: FastifyRequest) => string;
  answers: Answers;
  basePath: string;
  /** Whether browsers reach the board over HTTPS alone. */
  secure: boolean;
  log: Log;
};

/** Binds an authorisation to the browser that began it; `Lax`, because Xero sends the user back from another site. */
const STATE_COOKIE = 'xw-connect-state';
const STATE_SECONDS = 600;

/** Adds the way to Xero and back. */
export function addAuthorisationRoutes(pages: FastifyInstance, options: Options): void {
  const { connect, redirectUri, answers, basePath, secure, log } = options;
  const { showFault, showNotice } = answers;
  const common = { name: STATE_COOKIE, path: `${basePath}${CALLBACK_PATH}`, sameSite: 'Lax', secure } as const;

  pages.get(START_PATH, async (request, reply) => {
    const { url, state } = await connect.begin(redirectUri(request));
    reply.header('set-cookie', cookie({ ...common, value: state, maxAge: STATE_SECONDS }));
    return reply.redirect(url, 302);
  });

  pages.get<{ Querystring: Record<string, unknown> }>(CALLBACK_PATH, async (request, reply) => {
    const { state, code, error } = request.query;
    const expected = readCookie(request, STATE_COOKIE);
    reply.header('set-cookie', cookie({ ...common, value: '', maxAge: 0 }));
    if (typeof state !== 'string' || expected === undefined || !equal(state, expected)) {
      const reason = 'This browser did not begin the authorisation that it comes back from, or did so too long ago';
      return showFault(reply, 400, 'XW_CONNECT_STATE', reason);
    }
    if (error === 'access_denied')
      return showFault(reply, 400, 'XW_CONNECT_DENIED', 'Xero says that access was denied');
    if (typeof code !== 'string') {
      return showFault(reply, 400, 'XW_CONNECT_REFUSED', `Xero sent nobody’s permission along (${wordIn(error)})`);
    }
    const completed = await connect.complete(state, code);
    if (completed.outcome === 'connected') {
      log.info({ organisations: completed.organisations }, 'organisations were connected');
      return showNotice(reply, 'connected');
    }
    log.warn({ code: completed.code, reason: completed.reason }, 'organisations could not be connected');
    const isBehindUs = completed.code === 'XW_CONNECT_UNAVAILABLE' || completed.code === 'XW_XERO_CLIENT_REFUSED';
    return showFault(reply, isBehindUs ? 502 : 400, completed.code, completed.reason);
  });
}

/** Only what looks like a word of OAuth's (https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2.1). */
function wordIn(error: unknown): string {
  return typeof error === 'string' && /^[a-z_]{1,40}$/.test(error) ? error : 'no code';
}
