import { readFileSync } from 'node:fs';
import type { Log } from '@xero-webhooks/runtime';
import type { Connect } from '@xero-webhooks/xero';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendHtml, showFault } from './answer.ts';
import { addAuthorisationRoutes, CALLBACK_PATH, START_PATH } from './authorisation-routes.ts';
import { addDisconnectRoute, DISCONNECT_PATH, giveFormToken } from './disconnect-route.ts';
import type { ConnectMode } from './mode.ts';
import { connectPage, isNotice } from './view.ts';

type Options = {
  mode: ConnectMode;
  /** Absent in every mode but `ready`. */
  connect: Connect | undefined;
  /** BOARD_URL. @defaultValue what the request says */
  boardUrl: string | undefined;
  readOnly: boolean;
  log: Log;
};

const MOST_FORM_BYTES = 4_096;

/**
 * Mounts the page that connects organisations and shows those that are connected. It works without JavaScript. Nothing in
 * its addresses is secret, but for the code and the state with which Xero sends the user back: each works once.
 */
export async function mountConnectPage(app: FastifyInstance, options: Options): Promise<void> {
  const { mode, connect, boardUrl, readOnly, log } = options;
  const style = readFileSync(new URL('style.css', import.meta.url), 'utf8');
  const secure = boardUrl?.startsWith('https:') ?? false;
  const redirectUri = (request: FastifyRequest): string =>
    `${boardUrl ?? `${request.protocol}://${request.host}`}${CALLBACK_PATH}`;

  await app.register(async (pages) => {
    prepare(pages, log);
    pages.get('/connect/style.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
    pages.get<{ Querystring: { notice?: unknown } }>('/connect', async (request, reply) => {
      const { notice } = request.query;
      const page = connectPage({
        mode,
        readOnly,
        organisations: (await connect?.list()) ?? [],
        redirectUri: redirectUri(request),
        formToken: giveFormToken(request, reply, secure),
        notice: isNotice(notice) ? notice : undefined,
      });
      return sendHtml(reply, page);
    });
    if (connect === undefined) {
      for (const path of [START_PATH, CALLBACK_PATH]) {
        pages.get(path, async (_request, reply) => reply.redirect('/connect', 303));
      }
    } else if (readOnly) {
      for (const path of [START_PATH, CALLBACK_PATH]) pages.get(path, refuseToChange);
      pages.post(DISCONNECT_PATH, refuseToChange);
    } else {
      addAuthorisationRoutes(pages, { connect, redirectUri, secure, log });
      addDisconnectRoute(pages, { connect, boardUrl, log });
    }
  });
}

function prepare(pages: FastifyInstance, log: Log): void {
  pages.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MOST_FORM_BYTES },
    async (_request: FastifyRequest, body: string) => new URLSearchParams(body),
  );
  pages.addHook('onRequest', async (_request, reply) => {
    // Forms have to say where they come from, which they do not under the board's stricter policy.
    reply.headers({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' });
  });
  pages.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) => {
    if (error.statusCode !== undefined && error.statusCode < 500) return reply.send(error);
    log.error({ err: error }, 'the connect page failed');
    const reason = 'The page could not do its work, most often because Redis does not answer';
    return showFault(reply, 503, 'XW_CONNECT_FAILED', reason);
  });
}

async function refuseToChange(_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return showFault(reply, 403, 'XW_CONNECT_READ_ONLY', 'This board only shows: BOARD_READ_ONLY is true');
}
