import type { Operations } from '@xero-webhooks/operations';
import type { QueueRedis } from '@xero-webhooks/queue';
import { listOrganisations } from '@xero-webhooks/xero-auth';
import type { FastifyInstance } from 'fastify';
import type { Background } from '../page/background.ts';
import type { Site } from '../page/site.ts';
import { CONNECT_PATH, FORGET_PATH } from '../paths.ts';
import { connectFault } from './faults.ts';
import { noticeQuery } from './view.ts';

type Options = { redis: QueueRedis; operations: Operations; background: Background; site: Site };

/** Adds what erases all that is stored of an organisation. */
export function addForgetRoute(pages: FastifyInstance, { redis, operations, background, site }: Options): void {
  pages.post(FORGET_PATH, async (request, reply) => {
    const form = site.forms.read(request);
    if (form === undefined) {
      const reason = 'The request does not come from the board’s own page';
      return site.showFault(reply, connectFault(403, 'XW_CONNECT_FOREIGN', reason));
    }
    const tenantId = (form.get('tenantId') ?? '').toLowerCase();
    const connected = await listOrganisations(redis.client, redis.prefix, undefined);
    if (tenantId === '' || connected.some((organisation) => organisation.tenantId === tenantId)) {
      const reason = 'The organisation is connected, so its events would go on coming';
      return site.showFault(reply, connectFault(409, 'XW_STILL_CONNECTED', reason));
    }
    await background.run('forget an organisation', async (options) => {
      const { jobs, active } = await operations.forget(tenantId, options);
      return { done: jobs, absent: 0, failed: active };
    });
    return site.redirect(reply, CONNECT_PATH, noticeQuery('forgotten'));
  });
}
