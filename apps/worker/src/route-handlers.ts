import type {
  Forwarder,
  HandlerLog,
  HandlerOutcome,
  RegisteredHandler,
  Registry,
  RunHandlerOptions,
  XeroAccess,
} from '@xero-webhooks/handlers';
import { createCalls, createHandlerLog, runHandler } from '@xero-webhooks/handlers';
import type { RoutedHandler, TakenJob } from '@xero-webhooks/queue';
import type { Logger } from '@xero-webhooks/runtime';
import type { Abandoned } from './abandoned.ts';
import { currentRun } from './current-run.ts';
import type { TraceAttempt } from './trace-handlers.ts';

type Options = {
  registry: Registry;
  /** What a handler reads from Xero with. */
  accessOf: (job: TakenJob) => XeroAccess;
  /** What a handler forwards with. */
  forwarder: Forwarder;
  /** The time limit of handlers that have none of their own, in milliseconds. */
  timeoutMs: number;
  log: Logger;
  abandoned: Abandoned;
  /** Whether an attempt fails that returns before its reads from Xero have ended. */
  failsUnawaited: boolean;
  /** Runs an attempt within a span. @defaultValue it is not traced */
  trace: TraceAttempt | undefined;
};

/** Finds the handlers of an event, each ready to run. */
export function createRoute({ registry, ...options }: Options): (eventName: string) => readonly RoutedHandler[] {
  const routed = new Map(registry.handlers.map((handler) => [handler, routedHandler(handler, options)]));
  const routes = new WeakMap<readonly RegisteredHandler[], readonly RoutedHandler[]>();
  return (eventName) => {
    const registered = registry.route(eventName);
    let route = routes.get(registered);
    if (!route) {
      route = registered.map((handler) => routed.get(handler)!);
      routes.set(registered, route);
    }
    return route;
  };
}

function routedHandler(
  handler: RegisteredHandler,
  { accessOf, forwarder, timeoutMs: defaultMs, log, abandoned, failsUnawaited, trace }: Omit<Options, 'registry'>,
): RoutedHandler {
  const { name, latestOnly, timeoutMs = defaultMs } = handler;
  return {
    name,
    latestOnly,
    timeoutMs,
    run(job, attempt, signal) {
      const { id, name: event, data } = job;
      let own: HandlerLog | undefined;
      const calls = createCalls();
      const options: RunHandlerOptions = {
        event: { ...data.event, name: event, source: data.source },
        idempotencyKey: `${data.key ?? id}.${name}`,
        attempt,
        // Created only for handlers that log: a child logger costs as much as most of the other work on an event.
        get log() {
          return (own ??= createHandlerLog(
            log.child({ event, key: id, deliveryId: data.deliveryId, handler: name, attempt }),
          ));
        },
        xero: accessOf(job),
        forwarder,
        calls,
        failsUnawaited,
        timeoutMs,
        signal,
        onAbandoned: abandoned.add,
      };
      const runNow = (): Promise<HandlerOutcome> =>
        currentRun.run({ jobId: id, event, handler: name, calls }, () => runHandler(handler, options));
      return trace ? trace({ job, handler: name, attempt }, runNow) : runNow();
    },
  };
}
