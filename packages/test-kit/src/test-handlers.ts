import { workerVariables } from '@xero-webhooks/configuration/worker';
import { createPlainForwarder } from '@xero-webhooks/forward';
import type { HandlerOutcome, Register, RegisteredHandler } from '@xero-webhooks/handlers';
import { checkEventName, createCalls, createHandlerLog, createRegistry, runHandler } from '@xero-webhooks/handlers';
import { backoffMs, loadConfig } from '@xero-webhooks/runtime';
import type { KnownEventName, XeroEvent } from '@xero-webhooks/webhook';
import { eventKey, eventName } from '@xero-webhooks/webhook';
import { createEventAccess } from '@xero-webhooks/xero';
import { sampleEvent } from './sample-event.ts';
import type { TestAnswers, TestResources } from './test-reader.ts';
import { createTestReader } from './test-reader.ts';

export type TestHandlersOptions = {
  /** What `context.resource()` comes to, by category. @defaultValue samples */
  resources?: TestResources;
  /** What `context.xero.get` and `list` come to, by path. @defaultValue nothing: such a read fails */
  answers?: TestAnswers;
  /** The time limit of handlers that have none of their own, in milliseconds. @defaultValue 30000, as the worker's */
  timeoutMs?: number;
};

/** A line that a handler has logged. */
export type LogLine = {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
};

/** What one handler did with an event. */
export type HandlerRun = {
  /** `gave-up` by `context.giveUp`, `later` by `context.retryIn`; `failed` if it threw, timed out or forgot an await. */
  readonly outcome: 'succeeded' | 'failed' | 'gave-up' | 'later';
  /** Of a handler that failed or gave up. */
  readonly error?: Error;
  /** Why it is to run again later, as it said. */
  readonly reason?: string;
  /** How long until it runs again, in milliseconds: what it or a `Retry-After` asked for, or what the worker waits by default. */
  readonly delayMs?: number;
  readonly idempotencyKey: string;
  readonly log: readonly LogLine[];
};

export type TestedHandlers = {
  /**
   * Runs each handler of an event once, all at the same time as the worker does.
   *
   * @param name such as `invoice.updated`
   * @param over fields of the event that are to be other than those of a sample
   * @param attempt which attempt the handlers take it for, from 1. @defaultValue 1
   * @returns what each did, by the handler's name
   */
  emit(
    name: KnownEventName | (string & {}),
    over?: Partial<XeroEvent>,
    attempt?: number,
  ): Promise<Record<string, HandlerRun>>;
  /** Runs the function that the handler module returned for the shutdown. */
  close(): Promise<void>;
};

/** The wait is the longest that the worker makes of it: a test should not depend on chance. */
const NO_CHANCE = 0;

/**
 * Runs handlers without Redis, ports or Xero, as the worker does: with the same context, time limits and rules for
 * outcomes. What they forward is posted, also to addresses of this machine. What the queue does with an outcome is not part of it: retries, dead letters, duplicates and `latestOnly`.
 *
 * @param register the default export of the handler module
 * @throws HandlersError as the worker does, if the module registers something that it may not
 */
export async function testHandlers(register: Register, options: TestHandlersOptions = {}): Promise<TestedHandlers> {
  const { RETRY_BASE_MS: baseMs, RETRY_MAX_MS: maxMs, HANDLER_TIMEOUT_MS } = loadConfig(workerVariables, {});
  const { resources = {}, answers = {}, timeoutMs = HANDLER_TIMEOUT_MS } = options;
  const forwarding = createPlainForwarder();
  const registry = createRegistry();
  const cleanup = await register(registry.on);
  registry.seal();

  async function run(handler: RegisteredHandler, event: XeroEvent, attempt: number): Promise<HandlerRun> {
    const log: LogLine[] = [];
    const idempotencyKey = `${eventKey(event)}.${handler.name}`;
    const outcome = await runHandler(handler, {
      event: { ...event, name: eventName(event), source: 'webhook' },
      idempotencyKey,
      attempt,
      log: createHandlerLog(collectorOf(log)),
      xero: createEventAccess(createTestReader({ event, resources, answers }), event),
      forwarder: forwarding.forwarder,
      calls: createCalls(),
      failsUnawaited: true,
      timeoutMs: handler.timeoutMs ?? timeoutMs,
      signal: new AbortController().signal,
    });
    return { ...shown(outcome, backoffMs({ baseMs, maxMs }, attempt, NO_CHANCE)), idempotencyKey, log };
  }

  return {
    async emit(name, over, attempt = 1) {
      const checked = checkEventName(name);
      if (checked.check === 'impossible' || name === '*') {
        throw new RangeError(`no event is named "${name}": ${remedyFor(checked)}`);
      }
      const event = sampleEvent(name, over);
      const handlers = registry.route(eventName(event));
      const runs = await Promise.all(handlers.map((handler) => run(handler, event, attempt)));
      return Object.fromEntries(handlers.map(({ name: handler }, index) => [handler, runs[index]!]));
    },
    async close() {
      forwarding.close();
      if (typeof cleanup === 'function') await cleanup();
    },
  };
}

function remedyFor(checked: ReturnType<typeof checkEventName>): string {
  return 'didYouMean' in checked && checked.didYouMean
    ? `did you mean ${checked.didYouMean}?`
    : 'use a name such as invoice.updated';
}

/** @param waitMs how long the worker waits after such a failure, unless it is asked to wait longer */
function shown(outcome: HandlerOutcome, waitMs: number): Omit<HandlerRun, 'idempotencyKey' | 'log'> {
  switch (outcome.outcome) {
    case 'succeeded':
      return { outcome: 'succeeded' };
    case 'failed':
      return { outcome: 'failed', error: outcome.error, delayMs: Math.max(waitMs, outcome.retryAfterMs ?? 0) };
    case 'gave-up':
      return { outcome: 'gave-up', error: outcome.error };
    case 'later':
    case 'parked':
      return { outcome: 'later', reason: outcome.reason, delayMs: outcome.delayMs };
    case 'aborted':
      return { outcome: 'failed', error: new Error(outcome.reason) };
  }
}

/** A log of pino's form that keeps its lines. */
function collectorOf(lines: LogLine[]) {
  const at =
    (level: LogLine['level']) =>
    (...[first, second]: unknown[]): void => {
      const hasFields = typeof first === 'object' && first !== null;
      const message = hasFields ? second : first;
      lines.push({
        level,
        fields: hasFields ? (first as Record<string, unknown>) : {},
        message: typeof message === 'string' ? message : '',
      });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
