import type { Connect } from '@xero-webhooks/xero-auth';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Desk } from '../desk.ts';
import type { Background } from '../page/background.ts';
import { CALLBACK_PATH, CONNECT_PATH, DISCONNECT_PATH, FORGET_PATH, START_PATH } from '../paths.ts';
import { addAuthorisationRoutes } from './authorisation-routes.ts';
import { addDisconnectRoute } from './disconnect-route.ts';
import { connectFault } from './faults.ts';
import type { ConnectMode } from './mode.ts';
import { addForgetRoute } from './forget-route.ts';
import { readUsageByDay } from './read-usage.ts';
import { connectContent, isNotice } from './view.ts';

type Options = {
  mode: ConnectMode;
  /** Absent in every mode but `ready`. */
  connect: Connect | undefined;
  /** BOARD_URL. @defaultValue what the request says */
  boardUrl: string | undefined;
  desk: Desk;
  background: Background;
};

const FAILED = connectFault(
  503,
  'XW_CONNECT_FAILED',
  'The page could not do its work, most often because Redis does not answer',
);

const READ_ONLY = connectFault(403, 'XW_CONNECT_READ_ONLY', 'This board is read-only: BOARD_READ_ONLY is true');

/**
 * Mounts the page that connects organisations and lists those that are connected. Its addresses hold no secret except
 * the code and the state with which Xero sends the user back: each works once.
 */
export async function mountConnectPage(app: FastifyInstance, options: Options): Promise<void> {
  const { mode, connect, boardUrl, desk, background } = options;
  const { site, redis, readOnly, log } = desk;
  const redirectUri = (request: FastifyRequest): string =>
    `${boardUrl ?? `${request.protocol}://${request.host}`}${CALLBACK_PATH}`;

  await site.mount(app, FAILED, (pages) => {
    pages.get<{ Querystring: { notice?: unknown } }>(CONNECT_PATH, async (request, reply) => {
      const { notice } = request.query;
      const [tenants, usage] = await Promise.all([desk.listTenants(), readUsageByDay(redis)]);
      const content = connectContent({
        mode,
        readOnly,
        tenants,
        usage,
        actions: background.list(),
        redirectUri: redirectUri(request),
        formField: site.forms.field(request, reply),
        notice: isNotice(notice) ? notice : undefined,
        link: site.link,
      });
      return site.show(reply, { title: 'Organisations', path: CONNECT_PATH, content });
    });
    if (readOnly) pages.post(FORGET_PATH, async (_request, reply) => site.showFault(reply, READ_ONLY));
    else addForgetRoute(pages, { redis, operations: desk.operations, background, site });
    if (connect === undefined) {
      for (const path of [START_PATH, CALLBACK_PATH]) {
        pages.get(path, async (_request, reply) => site.redirect(reply, CONNECT_PATH));
      }
    } else if (readOnly) {
      const refuse = async (_request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
        site.showFault(reply, READ_ONLY);
      for (const path of [START_PATH, CALLBACK_PATH]) pages.get(path, refuse);
      pages.post(DISCONNECT_PATH, refuse);
    } else {
      addAuthorisationRoutes(pages, { connect, redirectUri, site, log });
      addDisconnectRoute(pages, { connect, site, log });
    }
  });
}
