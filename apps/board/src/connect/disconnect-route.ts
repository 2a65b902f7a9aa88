import type { Log } from '@xero-webhooks/runtime';
import type { Connect } from '@xero-webhooks/xero-auth';
import type { FastifyInstance } from 'fastify';
import type { Site } from '../page/site.ts';
import { CONNECT_PATH, DISCONNECT_PATH } from '../paths.ts';
import { connectFault } from './faults.ts';
import { noticeQuery } from './view.ts';

type Options = { connect: Connect; site: Site; log: Log };

/** Adds what disconnects an organisation. */
export function addDisconnectRoute(pages: FastifyInstance, { connect, site, log }: Options): void {
  pages.post(DISCONNECT_PATH, async (request, reply) => {
    const form = site.forms.read(request);
    if (form === undefined) {
      const reason = 'The request does not come from the board’s own page';
      return site.showFault(reply, connectFault(403, 'XW_CONNECT_FOREIGN', reason));
    }
    const tenantId = form.get('tenantId') ?? '';
    const disconnected = await connect.disconnect(tenantId);
    switch (disconnected.outcome) {
      case 'disconnected': {
        const { told } = disconnected;
        log.info({ tenantId, told }, 'an organisation was disconnected');
        return site.redirect(reply, CONNECT_PATH, noticeQuery(told ? 'disconnected' : 'disconnected-here'));
      }
      case 'absent':
        return site.redirect(reply, CONNECT_PATH, noticeQuery('absent'));
      case 'failed':
      case 'unfinished': {
        const { code, reason, outcome } = disconnected;
        log.warn({ tenantId, code, reason }, 'an organisation could not be disconnected');
        return site.showFault(reply, connectFault(502, code, `${STILL[outcome]}: ${reason}`));
      }
    }
  });
}

const STILL = {
  failed: 'The organisation is still connected',
  unfinished: 'Xero has disconnected the organisation, but the access that its user granted is not revoked yet',
} as const;
