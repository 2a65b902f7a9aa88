import { randomBytes } from 'node:crypto';
import type { Log } from '@xero-webhooks/runtime';
import type { Connect } from '@xero-webhooks/xero-auth';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { equal } from '../equal.ts';
import type { Answers } from './answer.ts';
import { cookie, readCookie } from './cookies.ts';
import { CONNECT_PATH, DISCONNECT_PATH } from '../paths.ts';
import { isSameOrigin } from './same-origin.ts';

type Options = {
  connect: Connect;
  answers: Answers;
  /** BOARD_URL. */
  boardUrl: string | undefined;
  log: Log;
};

/** Shows, with the same text in the form, that a form is one of ours: no page of another site can read or send it. */
const FORM_COOKIE = 'xw-connect-form';

/** Gives the browser the cookie that belongs to the forms of a page, and returns the text to put into them. */
export function giveFormToken(
  request: FastifyRequest,
  reply: FastifyReply,
  { basePath, secure }: { basePath: string; secure: boolean },
): string {
  const given = readCookie(request, FORM_COOKIE);
  const value = given !== undefined && /^[\w-]{43}$/.test(given) ? given : randomBytes(32).toString('base64url');
  reply.header(
    'set-cookie',
    cookie({ name: FORM_COOKIE, value, path: `${basePath}${CONNECT_PATH}`, sameSite: 'Strict', secure }),
  );
  return value;
}

/** Adds what disconnects an organisation. */
export function addDisconnectRoute(pages: FastifyInstance, { connect, answers, boardUrl, log }: Options): void {
  const { showFault, showNotice } = answers;
  pages.post<{ Body: unknown }>(DISCONNECT_PATH, async (request, reply) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const expected = readCookie(request, FORM_COOKIE);
    const isOurs = expected !== undefined && equal(form.get('formToken') ?? '', expected);
    if (!isOurs || !isSameOrigin(request, boardUrl)) {
      return showFault(reply, 403, 'XW_CONNECT_FOREIGN', 'The request does not come from the board’s own page');
    }
    const tenantId = form.get('tenantId') ?? '';
    const disconnected = await connect.disconnect(tenantId);
    switch (disconnected.outcome) {
      case 'disconnected':
        log.info({ tenantId, told: disconnected.told }, 'an organisation was disconnected');
        return showNotice(reply, disconnected.told ? 'disconnected' : 'disconnected-here');
      case 'absent':
        return showNotice(reply, 'absent');
      case 'failed':
      case 'unfinished': {
        const { code, reason, outcome } = disconnected;
        log.warn({ tenantId, code, reason }, 'an organisation could not be disconnected');
        return showFault(reply, 502, code, `${STILL[outcome]}: ${reason}`);
      }
    }
  });
}

const STILL = {
  failed: 'The organisation is still connected',
  unfinished: 'Xero has disconnected the organisation, but the access that its user gave is not revoked yet',
} as const;
