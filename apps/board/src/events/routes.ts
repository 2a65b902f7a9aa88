import { findStoredEvent } from '@xero-webhooks/queue';
import type { EventFilter, EventRecord, EventState } from '@xero-webhooks/record';
import { EVENT_STATES, meaningsOf, readRecords } from '@xero-webhooks/record';
import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../desk.ts';
import { changes } from '../page/changes.ts';
import { FAILED, NO_EVENT } from '../page/desk-fault.ts';
import { livePath, sendChanges } from '../page/live.ts';
import { EVENTS_PATH } from '../paths.ts';
import type { EventAction } from './event-view.ts';
import { eventContent } from './event-view.ts';
import type { EventQuery } from './view.ts';
import { eventPath, eventsContent, paramsOf, SPANS } from './view.ts';

const PAGE = 50;

type Ids = { Params: { tenantId: string; key: string } };

const NOTICES: Readonly<Record<string, string>> = {
  retry: 'Retried: the handlers that had not succeeded run again, with all their attempts.',
  drop: 'Dropped: no handler runs for this event again.',
  'run-now': 'Set going.',
  absent: 'Somebody else was faster, or the event went on by itself: nothing was changed.',
};

/** Adds the search, the page of each event, and what can be done there. */
export async function mountEventPages(app: FastifyInstance, desk: Desk): Promise<void> {
  const { site } = desk;
  await site.mount(app, FAILED, (pages) => {
    pages.get<{ Querystring: Record<string, unknown> }>(EVENTS_PATH, async (request, reply) => {
      const query = queryOf(request.query);
      const { cursor } = request.query;
      const { events, next } = await findEvents(desk, query, typeof cursor === 'string' ? cursor : undefined);
      const live = livePath(`${EVENTS_PATH}/live?${paramsOf(query).toString()}`, shownOf(events));
      const content = eventsContent({ query, events, next, live, names: KNOWN_EVENT_NAMES, link: site.link });
      return site.show(reply, { title: 'Events', path: EVENTS_PATH, content });
    });

    pages.get<{ Querystring: Record<string, unknown> }>(`${EVENTS_PATH}/live`, async (request, reply) => {
      const query = queryOf(request.query);
      await sendChanges(request, reply, async () => {
        const { events } = await findEvents(desk, query, undefined);
        return shownOf(events);
      });
    });

    pages.get<Ids & { Querystring: { notice?: unknown } }>(`${EVENTS_PATH}/:tenantId/:key`, async (request, reply) => {
      const { tenantId, key } = request.params;
      const [[record], found] = await Promise.all([
        readRecords(desk.redis.client, desk.redis.prefix, [{ tenantId: tenantId.toLowerCase(), jobId: key }]),
        findStoredEvent(desk.queues, desk.gate, key),
      ]);
      if (!record && !found) return site.showFault(reply, NO_EVENT);
      const owner = found?.event.data?.event.tenantId.toLowerCase();
      if (!record && owner !== undefined && owner !== tenantId.toLowerCase()) {
        return site.redirect(reply, eventPath({ tenantId: owner, jobId: key }));
      }
      const { notice } = request.query;
      const content = eventContent({
        tenantId,
        key,
        record,
        found,
        readOnly: desk.readOnly,
        redacted: desk.redacted,
        notice: typeof notice === 'string' ? NOTICES[notice] : undefined,
        formField: site.forms.field(request, reply),
        link: site.link,
      });
      return site.show(reply, { title: 'Event', path: EVENTS_PATH, content });
    });

    for (const action of ['retry', 'drop', 'run-now'] as const) {
      const change = changes<Ids>(desk, async (request, reply) => {
        const { tenantId, key } = request.params;
        const done = await act(desk, action, key);
        return site.redirect(reply, eventPath({ tenantId, jobId: key }), { notice: done ? action : 'absent' });
      });
      pages.post<Ids>(`${EVENTS_PATH}/:tenantId/:key/${action}`, change);
    }
  });

  async function findEvents(
    { search }: Pick<Desk, 'search'>,
    query: EventQuery,
    cursor: string | undefined,
  ): Promise<{ events: readonly EventRecord[]; next: string | undefined }> {
    const { ms } = SPANS[query.since]!;
    const filter: EventFilter = {
      name: query.event || undefined,
      tenantId: query.tenant || undefined,
      states: query.state === '' ? undefined : [query.state as EventState],
      since: ms === Infinity ? undefined : Date.now() - ms,
    };
    const q = query.q.trim();
    if (q === '') return search.find(filter, PAGE, cursor);
    for (const named of meaningsOf(q)) {
      const page = await search.find({ ...filter, ...named }, PAGE, cursor);
      if (page.events.length > 0) return page;
    }
    return { events: [], next: undefined };
  }
}

async function act({ operations }: Desk, action: EventAction, key: string): Promise<boolean> {
  const selection = { ids: new Set([key]) };
  const events = await operations.select(action === 'run-now' ? 'delayed' : 'failed', selection);
  const { done } = await {
    retry: () => operations.retry(events, selection),
    drop: () => operations.drop(events, selection),
    'run-now': () => operations.runNow(events, selection),
  }[action]();
  return done > 0;
}

/** What a browser sent, as far as it can be used. */
function queryOf(given: Readonly<Record<string, unknown>>): EventQuery {
  const text = (name: string): string => (typeof given[name] === 'string' ? given[name].slice(0, 200) : '');
  const state = text('state');
  const since = text('since');
  return {
    q: text('q'),
    event: text('event'),
    tenant: text('tenant'),
    state: (EVENT_STATES as readonly string[]).includes(state) ? state : '',
    since: Object.hasOwn(SPANS, since) ? since : '',
  };
}

/** What is another where the page is. */
function shownOf(events: readonly EventRecord[]): string {
  return events.map(({ jobId, state, entries }) => `${jobId} ${state} ${entries.length}`).join('\n');
}
