import type { FastifyInstance } from 'fastify';
import type { Desk } from '../desk.ts';
import type { Background } from '../page/background.ts';
import { changes } from '../page/changes.ts';
import { FAILED, NO_BODY } from '../page/desk-fault.ts';
import { QUARANTINE_PATH } from '../paths.ts';
import { bodyContent, bodyPath, quarantineContent } from './view.ts';

const LISTED = 100;

/** Bodies that one replay takes. */
const MAX_BODIES = 100_000;

type Id = { Params: { id: string } };

/** Adds the pages of the quarantine. */
export async function mountQuarantinePages(app: FastifyInstance, desk: Desk, background: Background): Promise<void> {
  const { site, quarantine, operations, readOnly } = desk;
  const hidden = desk.redacted.length > 0;
  await site.mount(app, FAILED, (pages) => {
    pages.get(QUARANTINE_PATH, async (request, reply) => {
      const [total, entries] = await Promise.all([quarantine.count(), quarantine.list(LISTED)]);
      const formField = site.forms.field(request, reply);
      const actions = background.list();
      const content = quarantineContent({ total, entries, actions, readOnly, formField, link: site.link });
      return site.show(reply, { title: 'Quarantine', path: QUARANTINE_PATH, content });
    });

    pages.get<Id & { Querystring: { notice?: unknown } }>(`${QUARANTINE_PATH}/:id`, async (request, reply) => {
      const entry = await quarantine.read(request.params.id);
      if (!entry) return site.showFault(reply, NO_BODY);
      const notice =
        request.query.notice === 'unreadable' ? 'It still cannot be read in full, so it stays.' : undefined;
      const formField = site.forms.field(request, reply);
      const content = bodyContent({ entry, hidden, notice, readOnly, formField, link: site.link });
      return site.show(reply, { title: 'Quarantine', path: QUARANTINE_PATH, content });
    });

    pages.get<Id>(`${QUARANTINE_PATH}/:id/body`, async (request, reply) => {
      const entry = await quarantine.read(request.params.id);
      if (!entry || hidden) return site.showFault(reply, NO_BODY);
      // Never as a page: it can have anything in it.
      return reply
        .headers({
          'content-type': 'application/octet-stream',
          'content-disposition': `attachment; filename="body-${entry.id.slice(0, 12)}"`,
        })
        .send(Buffer.from(entry.body));
    });

    const replayAll = changes(desk, async (_request, reply) => {
      const ids = (await quarantine.list(MAX_BODIES)).map(({ id }) => id);
      await background.run('replay the quarantine', (options) => operations.replayQuarantined(ids, options));
      return site.redirect(reply, QUARANTINE_PATH);
    });
    pages.post(`${QUARANTINE_PATH}/replay`, replayAll);

    for (const action of ['replay', 'drop'] as const) {
      const change = changes<Id>(desk, async (request, reply) => {
        const { id } = request.params;
        if (action === 'replay') await operations.replayQuarantined([id]);
        else await operations.dropQuarantined([id]);
        const isLeft = (await quarantine.read(id)) !== undefined;
        return isLeft
          ? site.redirect(reply, bodyPath(id), { notice: 'unreadable' })
          : site.redirect(reply, QUARANTINE_PATH);
      });
      pages.post<Id>(`${QUARANTINE_PATH}/:id/${action}`, change);
    }
  });
}
