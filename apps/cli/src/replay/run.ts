import type { WorkerInfo } from '@xero-webhooks/queue';
import { listWorkers } from '@xero-webhooks/queue';
import { CodedError } from '@xero-webhooks/runtime';
import { actOnMany } from '../act-on-many.ts';
import { countOf } from '../count-of.ts';
import { withOperations } from '../open-operations.ts';
import { printable } from '../printable.ts';
import { WrongUsage } from '../wrong-usage.ts';
import type { ReplayOptions } from './command.ts';

/** Replays handled events. */
export async function runReplay(options: ReplayOptions): Promise<void> {
  const { handler, force, run: earlier, event, tenant, resource, since, until, limit, by } = options;
  const forced = force === true || earlier !== undefined;
  if (handler === undefined && !forced) {
    throw new WrongUsage(
      'XW_USAGE',
      'name a handler that has not handled the events with --handler, or run all again with --force; see "xw replay --help"',
    );
  }
  const run = earlier ?? `r${Date.now().toString(36)}`;
  const selection = { event, tenantId: tenant, resourceId: resource, since, until };
  await withOperations(by, async ({ redis, operations, signal }) => {
    if (handler !== undefined) checkHandler(await listWorkers(redis.client, redis.prefix), handler);
    const plan = await operations.planReplay(selection, forced ? undefined : handler);
    const events = plan.events.toSorted((a, b) => b.data.receivedAt - a.data.receivedAt).slice(0, limit);
    for (const line of remarks(plan, handler)) process.stderr.write(`xw: ${line}\n`);
    if (forced && handler !== undefined)
      process.stderr.write(`xw: ${handler} runs again, whether it handled them or not\n`);
    if (forced) process.stderr.write(`xw: run id ${run}: the idempotency keys are new; --run ${run} goes on with it\n`);
    const words = { verb: 'replay', done: 'replayed', one: 'handled event', many: 'handled events' };
    const how = forced ? { run, handler } : { handler: handler! };
    await actOnMany(events.length, words, options, signal, async (acting) => {
      const acted = await operations.replay(events, how, filterText(options), acting);
      return { ...acted, ...(forced ? { run } : {}) };
    });
  });
}

/** A worker that does not have the handler would settle the events without it. */
function checkHandler(workers: readonly WorkerInfo[], handler: string): void {
  if (workers.length === 0) {
    process.stderr.write(`xw: no worker is running: whether one has a handler ${handler} was not checked\n`);
    return;
  }
  const missing = workers.filter(({ handlers }) => !handlers.some(({ name }) => name === handler));
  if (missing.length === 0) return;
  const names = [...new Set(workers.flatMap(({ handlers }) => handlers.map(({ name }) => name)))];
  throw new CodedError(
    'XW_NO_HANDLER',
    `${missing.length} of ${countOf(workers.length, 'running worker')} ${missing.length === 1 ? 'has' : 'have'} no handler ${printable(handler)}, only ${names.map(printable).join(', ')}: deploy it to all of them first`,
  );
}

/** What people must know of the events that are left out. */
function remarks(
  { gone, handled, unknown }: { gone: number; handled: number; unknown: number },
  handler?: string,
): string[] {
  return [
    ...(gone > 0 ? [`${gone} more were handled, but their payloads are no longer kept`] : []),
    ...(handled > 0 ? [`${handled} are left out: ${handler} has handled them`] : []),
    ...(unknown > 0
      ? [`${unknown} are left out: no record says whether ${handler} has handled them; --force runs it`]
      : []),
  ];
}

function filterText({ handler, force, event, tenant, resource, since, until }: ReplayOptions): string {
  const words = Object.entries({ handler, event, tenant, resource, force: force ? 'yes' : undefined }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name} ${value}`]),
  );
  const times = Object.entries({ since, until }).flatMap(([name, time]) =>
    time === undefined ? [] : [`${name} ${new Date(time).toISOString()}`],
  );
  return [...words, ...times].join(', ');
}
