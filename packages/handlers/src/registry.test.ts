import { describe, expect, it } from 'vitest';
import type { On } from './handler.ts';
import { HandlersError } from './handlers-error.ts';
import { createRegistry } from './registry.ts';

/** What `on` refuses, registered without the compiler's help, as a module in JavaScript would. */
function refusalOf(...args: unknown[]): HandlersError {
  const { on } = createRegistry();
  try {
    (on as (...any: unknown[]) => void)(...args);
  } catch (error) {
    if (error instanceof HandlersError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

function registered(register: (on: On) => void) {
  const registry = createRegistry();
  register(registry.on);
  return registry;
}

const namesOf = (handlers: readonly { name: string }[]): string[] => handlers.map(({ name }) => name);

describe('a registry', () => {
  it('routes an event to its handlers, in the order in which they were registered', () => {
    const registry = registered((on) => {
      on('*', function audit() {});
      on('invoice.updated', function second() {});
      on(['contact.updated', 'invoice.updated'], function third() {});
      on('invoice.created', function other() {});
    });
    expect(namesOf(registry.route('invoice.updated'))).toEqual(['audit', 'second', 'third']);
    expect(namesOf(registry.route('contact.updated'))).toEqual(['audit', 'third']);
    expect(namesOf(registry.handlers)).toEqual(['audit', 'second', 'third', 'other']);
  });

  it('routes an event that nobody asks for to * alone', () => {
    const registry = registered((on) => {
      on('*', function audit() {});
      on('invoice.updated', function record() {});
    });
    expect(namesOf(registry.route('payrun.approve'))).toEqual(['audit']);
    expect(registered((on) => on('invoice.updated', function record() {})).route('payrun.approve')).toEqual([]);
  });

  it('routes an event once to a handler that names it twice', () => {
    const registry = registered((on) => on(['invoice.updated', '*', 'invoice.updated'], function record() {}));
    expect(namesOf(registry.route('invoice.updated'))).toEqual(['record']);
    expect(registry.handlers[0]!.events).toEqual(['invoice.updated', '*']);
  });

  it('routes more names than it remembers', () => {
    const registry = registered((on) => on('*', function audit() {}));
    const routes = Array.from({ length: 1_500 }, (_, index) => registry.route(`made-up.${index}`));
    expect(routes.every((route) => route.length === 1)).toBe(true);
  });

  it('keeps what a handler was registered with', () => {
    const handle = (): void => {};
    const registry = registered((on) => {
      on('invoice.updated', { name: 'sync-invoice', latestOnly: true, timeoutMs: 60_000 }, handle);
      on('contact.updated', handle);
    });
    expect(registry.handlers).toEqual([
      { name: 'sync-invoice', events: ['invoice.updated'], handle, latestOnly: true, timeoutMs: 60_000 },
      { name: 'handle', events: ['contact.updated'], handle, latestOnly: false, timeoutMs: undefined },
    ]);
  });

  it('lists each unknown name once, for a warning', () => {
    const registry = registered((on) => {
      on(['payrun.approve' as string, 'invoice.updated'], function first() {});
      on(['payrun.approve' as string, 'quote.created', '*'], function second() {});
    });
    expect(registry.unknownNames).toEqual(['payrun.approve', 'quote.created']);
  });

  it.each([
    ['of one character', 'a'],
    ['of 64 characters', 'x'.repeat(64)],
    ['with a dot, a hyphen, an underscore and a dollar sign', 'a.b-c_d$'],
  ])('accepts a name %s', (_what, name) => {
    expect(namesOf(registered((on) => on('*', { name }, () => {})).handlers)).toEqual([name]);
  });
});

describe('a registry refuses', () => {
  it('a handler without a name, and says how to name it', () => {
    const refusal = refusalOf(['invoice.updated', 'invoice.created'], () => {});
    expect(refusal.code).toBe('XW_HANDLERS_NAME');
    expect(refusal.message).toBe(
      "a handler of invoice.updated, invoice.created has no name: use a named function, or pass { name: '…' } with 1 to 64 letters, digits, dots, hyphens or underscores",
    );
  });

  it.each([
    ['has the name "sync invoice"', 'sync invoice'],
    ['has the name "sync:invoice"', 'sync:invoice'],
    ['has the name "größe"', 'größe'],
    ['has the name "xxxxx', 'x'.repeat(65)],
    ['has no name', ''],
    ['has the name 5', 5],
    ['has the name {"a":1}', { a: 1 }],
    ['has the name Symbol(a)', Symbol('a')],
  ])('a handler that %s', (which, name) => {
    const refusal = refusalOf('invoice.updated', { name }, function record() {});
    expect(refusal.code).toBe('XW_HANDLERS_NAME');
    expect(refusal.message).toContain(`a handler of invoice.updated ${which}`);
  });

  it('two handlers of one name, and names it', () => {
    const { on } = registered((first) => first('invoice.updated', function record() {}));
    expect(() => on('contact.updated', { name: 'record' }, () => {})).toThrow(
      expect.objectContaining({
        name: 'HandlersError',
        code: 'XW_HANDLERS_NAME_TAKEN',
        message:
          'two handlers are named "record": name one of them with { name: \'…\' }, or register one handler for several events',
      }),
    );
  });

  it.each([
    ['invoices.created', 'unknown event "invoices.created": did you mean invoice.created?'],
    ['invoice.update', 'unknown event "invoice.update": did you mean invoice.updated?'],
    ['invoice', 'unknown event "invoice": use a name such as invoice.updated, or *'],
    ['', 'unknown event "": use a name such as invoice.updated, or *'],
    ['a\nb', 'unknown event "a b": use a name such as invoice.updated, or *'],
  ])('the name %j', (name, message) => {
    for (const names of [name, ['contact.updated', name]]) {
      expect(refusalOf(names, function record() {})).toMatchObject({ code: 'XW_HANDLERS_EVENT', message });
    }
  });

  it.each([
    ['nothing', undefined],
    ['an empty list', []],
    ['a list with something else in it', ['invoice.updated', 5]],
    ['an object', { name: 'invoice.updated' }],
    ['a function', () => {}],
  ])('%s in the place of names', (_what, names) => {
    expect(refusalOf(names, function record() {})).toMatchObject({
      code: 'XW_HANDLERS_EVENT',
      message: 'on() needs an event name, or a list of names, before the handler',
    });
  });

  it.each([
    ['is missing', ['invoice.updated']],
    ['is missing after options', ['invoice.updated', { name: 'record' }]],
    ['is null', ['invoice.updated', null]],
    ['is a text', ['invoice.updated', 'record']],
    ['is a promise', ['invoice.updated', {}, Promise.resolve()]],
    ['stands before its options', ['invoice.updated', function record() {}, { latestOnly: true }]],
  ])('a handler that %s', (_what, args) => {
    expect(refusalOf(...args)).toMatchObject({
      code: 'XW_HANDLERS_FUNCTION',
      message: "on('invoice.updated') needs a function as its last argument",
    });
  });

  it.each([
    ['0', 0],
    ['-1', -1],
    ['0.5', 0.5],
    ['86400001', 86_400_001],
    ['NaN', Number.NaN],
    ['Infinity', Infinity],
    ['"5000"', '5000'],
    ['null', null],
  ])('timeoutMs: %s', (shown, timeoutMs) => {
    expect(refusalOf('invoice.updated', { timeoutMs }, function record() {})).toMatchObject({
      code: 'XW_HANDLERS_TIMEOUT',
      message: `timeoutMs of handler "record" must be a whole number of milliseconds from 1 to 86400000 (got ${shown})`,
    });
  });

  it('every handler after the start', () => {
    const registry = registered((on) => on('invoice.updated', function record() {}));
    registry.seal();
    expect(() => registry.on('invoice.updated', function late() {})).toThrow(
      expect.objectContaining({
        name: 'HandlersError',
        code: 'XW_HANDLERS_LATE',
        message:
          'on() was called after the start: call it before the default export returns, or make the default export async and await what on() depends on',
      }),
    );
    expect(namesOf(registry.route('invoice.updated'))).toEqual(['record']);
  });

  it('and keeps nothing of what it refuses', () => {
    const registry = createRegistry();
    expect(() => registry.on(['payrun.approve' as string, 'invoices.created'], function record() {})).toThrow(
      HandlersError,
    );
    expect(registry.handlers).toEqual([]);
    expect(registry.unknownNames).toEqual([]);
  });
});
