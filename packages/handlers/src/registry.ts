import { checkEventName, eventNameRemedy } from './check-event-name.ts';
import { describeValue } from '@xero-webhooks/bounded';
import type { Handler, HandlerOptions, On } from './handler.ts';
import { HandlersError } from './handlers-error.ts';
import { placeOf } from './load-fault.ts';

export type RegisteredHandler = {
  readonly name: string;
  readonly events: readonly string[];
  readonly handle: Handler;
  readonly latestOnly: boolean;
  /** `undefined`: the worker's HANDLER_TIMEOUT_MS. */
  readonly timeoutMs: number | undefined;
};

export type Registry = {
  readonly on: On;
  /** The handlers of an event, in the order of registration. */
  route(eventName: string): readonly RegisteredHandler[];
  readonly handlers: readonly RegisteredHandler[];
  /** Event names of handlers that Xero does not document. */
  readonly unknownNames: readonly string[];
  /** From now on `on` throws: after the start the set of handlers is fixed. */
  seal(): void;
};

const NAME = /^[\w$.-]{1,64}$/;
const MAX_TIMEOUT_MS = 86_400_000;

export function createRegistry(): Registry {
  const handlers: RegisteredHandler[] = [];
  const routes = new Map<string, readonly RegisteredHandler[]>();
  let sealed = false;

  function add(names: string | readonly string[], options: HandlerOptions, handle: unknown): void {
    const events = typeof names === 'string' ? [names] : names;
    if (sealed) throw lateError();
    if (!Array.isArray(events) || events.length === 0 || events.some((event) => typeof event !== 'string')) {
      throw new HandlersError('XW_HANDLERS_EVENT', 'on() needs an event name, or a list of names, before the handler');
    }
    if (typeof handle !== 'function') {
      throw new HandlersError(
        'XW_HANDLERS_FUNCTION',
        `on('${events.join("', '")}') needs a function as its last argument`,
      );
    }
    for (const event of events) checkName(event);
    const name = handlerName(options.name ?? handle.name, events);
    if (handlers.some((other) => other.name === name)) {
      throw new HandlersError(
        'XW_HANDLERS_NAME_TAKEN',
        `two handlers are named "${name}": name one of them with { name: '…' }, or register one handler for several events`,
      );
    }
    const { latestOnly = false, timeoutMs } = options;
    if (timeoutMs !== undefined && !(Number.isInteger(timeoutMs) && timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS)) {
      throw new HandlersError(
        'XW_HANDLERS_TIMEOUT',
        `timeoutMs of handler "${name}" must be a whole number of milliseconds from 1 to ${MAX_TIMEOUT_MS} (got ${describe(timeoutMs)})`,
      );
    }
    handlers.push({ name, events: [...new Set(events)], handle: handle as Handler, latestOnly, timeoutMs });
  }

  return {
    on(names: string | readonly string[], second: unknown, third?: unknown) {
      // Options after the handler would be ignored: refuse them.
      if (typeof second === 'function' && third === undefined) add(names, {}, second);
      else add(names, isOptions(second) ? second : {}, third);
    },
    route(eventName) {
      let route = routes.get(eventName);
      if (!route) {
        route = handlers.filter(({ events }) => events.includes(eventName) || events.includes('*'));
        // Names come from outside: a flood of invented ones must not fill memory.
        if (routes.size < 1_000) routes.set(eventName, route);
      }
      return route;
    },
    handlers,
    get unknownNames() {
      const names = new Set(handlers.flatMap(({ events }) => events));
      return [...names].filter((name) => checkEventName(name).check === 'unknown');
    },
    seal() {
      sealed = true;
    },
  };
}

/** It often ends the process from a timer or promise of the module, so the message must say where `on` was called. */
function lateError(): HandlersError {
  const place = placeOf(new Error('on() was called'));
  return new HandlersError(
    'XW_HANDLERS_LATE',
    `on() was called after the start${place ? ` (${place.file}:${place.line})` : ''}: call it before the default export returns, or make the default export async and await what on() depends on`,
  );
}

function checkName(event: string): void {
  const checked = checkEventName(event);
  if (checked.check !== 'impossible') return;
  throw new HandlersError('XW_HANDLERS_EVENT', `unknown event "${event}": ${eventNameRemedy(checked)}`);
}

function isOptions(value: unknown): value is HandlerOptions {
  return typeof value === 'object' && value !== null;
}

function handlerName(name: unknown, events: readonly string[]): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  const which = name === '' ? 'has no name' : `has the name ${describe(name)}`;
  throw new HandlersError(
    'XW_HANDLERS_NAME',
    `a handler of ${events.join(', ')} ${which}: use a named function, or pass { name: '…' } with 1 to 64 letters, digits, dots, hyphens or underscores`,
  );
}

/** Quoted if it is a string, so that "5" and 5 differ. */
function describe(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : describeValue(value);
}
