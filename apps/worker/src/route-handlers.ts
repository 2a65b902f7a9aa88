import type { HandlerLog, RegisteredHandler, Registry, RunHandlerOptions, XeroAccess } from '@xero-webhooks/handlers';
import { createHandlerLog, runHandler } from '@xero-webhooks/handlers';
import type { HandlerResult, RoutedHandler, TakenJob } from '@xero-webhooks/queue';
import type { Logger } from '@xero-webhooks/runtime';
import type { Abandoned } from './abandoned.ts';
import { currentRun } from './current-run.ts';

/** Makes the function that finds an event's handlers, in the form that the delivery asks for. */
export function createRoute(registry: Registry, timeoutMs: number): (eventName: string) => readonly RoutedHandler[] {
  const routes = new WeakMap<readonly RegisteredHandler[], readonly RoutedHandler[]>();
  return (eventName) => {
    const registered = registry.route(eventName);
    let route = routes.get(registered);
    if (!route) {
      route = registered.map((handler) => ({
        name: handler.name,
        latestOnly: handler.latestOnly,
        timeoutMs: handler.timeoutMs ?? timeoutMs,
      }));
      routes.set(registered, route);
    }
    return route;
  };
}

/** Makes the function that runs one handler once for a job. */
export function createRunHandler(
  handlers: ReadonlyMap<string, RegisteredHandler>,
  accessOf: (job: TakenJob) => XeroAccess,
  timeoutMs: number,
  log: Logger,
  abandoned: Abandoned,
): (job: TakenJob, handler: string, attempt: number, signal: AbortSignal) => Promise<HandlerResult> {
  return (job, handlerName, attempt, signal) => {
    const { id, name, data } = job;
    const handler = handlers.get(handlerName)!;
    let own: HandlerLog | undefined;
    const options: RunHandlerOptions = {
      event: { ...data.event, name },
      idempotencyKey: `${id}.${handlerName}`,
      attempt,
      // Only for those that write: to make it takes as long as much else that is done with an event.
      get log() {
        return (own ??= createHandlerLog(log.child({ event: name, key: id, handler: handlerName, attempt })));
      },
      xero: accessOf(job),
      timeoutMs: handler.timeoutMs ?? timeoutMs,
      signal,
      onAbandoned: abandoned.add,
    };
    return currentRun.run({ jobId: id, event: name, handler: handlerName }, () => runHandler(handler, options));
  };
}
