import type { Selection } from '@xero-webhooks/operations';
import type { StoredEvent } from '@xero-webhooks/queue';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../desk.ts';
import type { Background } from '../page/background.ts';
import { changes } from '../page/changes.ts';
import { FAILED, NOTHING_CHOSEN } from '../page/desk-fault.ts';
import { countOf } from '../page/parts.ts';
import { DEAD_LETTERS_PATH } from '../paths.ts';
import type { Choice } from './view.ts';
import { confirmContent, deadLettersContent, isOfGroup } from './view.ts';

/** How many of the newest are read: a page takes no longer where there are a hundred thousand. */
const NEWEST = 1_000;

/** Adds the page of dead letters, and what can be done there. */
export async function mountDeadLetterPages(app: FastifyInstance, desk: Desk, background: Background): Promise<void> {
  const { site, operations, readOnly } = desk;
  await site.mount(app, FAILED, (pages) => {
    pages.get<{ Querystring: Record<string, unknown> }>(DEAD_LETTERS_PATH, async (request, reply) => {
      const { handler, reason } = request.query;
      const [total, events] = await Promise.all([operations.countDeadLetters(), operations.newest('failed', NEWEST)]);
      const content = deadLettersContent({
        total,
        events,
        group: typeof handler === 'string' && typeof reason === 'string' ? { handler, reason } : undefined,
        actions: background.list(),
        readOnly,
        formField: site.forms.field(request, reply),
        link: site.link,
      });
      return site.show(reply, { title: 'Dead letters', path: DEAD_LETTERS_PATH, content });
    });

    const confirm = changes(desk, async (request, reply, fields) => {
      const choice = choiceOf(fields);
      const [total, newest] = await Promise.all([operations.countDeadLetters(), operations.newest('failed', NEWEST)]);
      const count =
        choice.of === 'keys' ? choice.keys.length : newest.filter((event) => isChosen(event, choice)).length;
      if (count === 0) return site.showFault(reply, NOTHING_CHOSEN);
      const content = confirmContent({
        action: actionOf(fields),
        choice,
        count,
        among: newest.length,
        total,
        formField: site.forms.field(request, reply),
        link: site.link,
      });
      return site.show(reply, { title: 'Dead letters', path: DEAD_LETTERS_PATH, content });
    });
    pages.post(`${DEAD_LETTERS_PATH}/confirm`, confirm);

    const act = changes(desk, async (_request, reply, fields) => {
      const [choice, action] = [choiceOf(fields), actionOf(fields)];
      const selection = selectionOf(choice);
      await background.run(`${action} ${describe(choice)}`, async (options) => {
        const selected = await operations.select('failed', selection);
        const events = selected.filter((event) => isChosen(event, choice));
        return action === 'retry'
          ? operations.retry(events, selection, options)
          : operations.drop(events, selection, options);
      });
      return site.redirect(reply, DEAD_LETTERS_PATH);
    });
    pages.post(`${DEAD_LETTERS_PATH}/act`, act);
  });
}

function choiceOf(fields: URLSearchParams): Choice {
  const [handler, reason] = [fields.get('handler'), fields.get('reason')];
  if (fields.get('all') === 'yes') return { of: 'all' };
  if (handler !== null && reason !== null) return { of: 'group', handler, reason };
  return { of: 'keys', keys: fields.getAll('key') };
}

function actionOf(fields: URLSearchParams): 'retry' | 'drop' {
  return fields.get('action') === 'drop' ? 'drop' : 'retry';
}

function isChosen(event: StoredEvent, choice: Choice): boolean {
  return choice.of === 'group' ? isOfGroup(event, choice) : choice.of === 'all' || choice.keys.includes(event.id);
}

/** What is written into the log of operations. */
function selectionOf(choice: Choice): Selection {
  switch (choice.of) {
    case 'all':
      return {};
    case 'group':
      return { handler: choice.handler === 'the worker' ? undefined : choice.handler, reason: choice.reason };
    case 'keys':
      return { ids: new Set(choice.keys) };
  }
}

function describe(choice: Choice): string {
  switch (choice.of) {
    case 'all':
      return 'all dead letters';
    case 'group':
      return `the dead letters of ${choice.handler}: ${choice.reason}`;
    case 'keys':
      return countOf(choice.keys.length, 'dead letter');
  }
}
