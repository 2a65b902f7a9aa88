import { readFileSync } from 'node:fs';
import type { Log } from '@xero-webhooks/runtime';
import type { Connect } from '@xero-webhooks/xero-auth';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answers } from './answer.ts';
import { createAnswers, sendHtml } from './answer.ts';
import { addAuthorisationRoutes } from './authorisation-routes.ts';
import { addDisconnectRoute, giveFormToken } from './disconnect-route.ts';
import type { ConnectMode } from './mode.ts';
import { CALLBACK_PATH, CONNECT_PATH, DISCONNECT_PATH, START_PATH, STYLE_PATH } from '../paths.ts';
import { connectPage, isNotice } from './view.ts';

type Options = {
  mode: ConnectMode;
  /** Absent in every mode but `ready`. */
  connect: Connect | undefined;
  /** BOARD_URL. @defaultValue what the request says */
  boardUrl: string | undefined;
  /** The path below which browsers see the board, without a slash at its end. */
  basePath: string;
  readOnly: boolean;
  log: Log;
};

const MOST_FORM_BYTES = 4_096;

/**
 * Mounts the page that connects organisations and shows those that are connected. It works without JavaScript. Nothing in
 * its addresses is secret, but for the code and the state with which Xero sends the user back: each works once.
 */
export async function mountConnectPage(app: FastifyInstance, options: Options): Promise<void> {
  const { mode, connect, boardUrl, basePath, readOnly, log } = options;
  const answers = createAnswers(basePath);
  const style = readFileSync(new URL('style.css', import.meta.url), 'utf8');
  const secure = boardUrl?.startsWith('https:') ?? false;
  const redirectUri = (request: FastifyRequest): string =>
    `${boardUrl ?? `${request.protocol}://${request.host}`}${CALLBACK_PATH}`;

  await app.register(async (pages) => {
    prepare(pages, answers, log);
    pages.get(STYLE_PATH, async (_request, reply) => reply.type('text/css; charset=utf-8').send(style));
    pages.get<{ Querystring: { notice?: unknown } }>(CONNECT_PATH, async (request, reply) => {
      const { notice } = request.query;
      const page = connectPage({
        mode,
        readOnly,
        organisations: (await connect?.list()) ?? [],
        redirectUri: redirectUri(request),
        formToken: giveFormToken(request, reply, { basePath, secure }),
        notice: isNotice(notice) ? notice : undefined,
        basePath,
      });
      return sendHtml(reply, page);
    });
    if (connect === undefined) {
      for (const path of [START_PATH, CALLBACK_PATH]) {
        pages.get(path, async (_request, reply) => answers.showNotice(reply));
      }
    } else if (readOnly) {
      const refuseToChange = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
        answers.showFault(reply, 403, 'XW_CONNECT_READ_ONLY', 'This board only shows: BOARD_READ_ONLY is true');
      for (const path of [START_PATH, CALLBACK_PATH]) pages.get(path, refuseToChange);
      pages.post(DISCONNECT_PATH, refuseToChange);
    } else {
      addAuthorisationRoutes(pages, { connect, redirectUri, answers, basePath, secure, log });
      addDisconnectRoute(pages, { connect, answers, boardUrl, log });
    }
  });
}

function prepare(pages: FastifyInstance, { showFault }: Answers, log: Log): void {
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
