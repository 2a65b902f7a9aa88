import { types } from 'node:util';
import { isErrorLike } from './is-error-like.ts';
import { readField } from './read-field.ts';
import { boundedText } from './text.ts';

/** How much of a value is shown: levels, entries of each list or object, characters of each text and name. */
const MAX_DEPTH = 8;
const MAX_ENTRIES = 100;
const MAX_TEXT = 2_000;
const MAX_NAME = 100;

/** Larger numbers take too long to write out. */
const MAX_BIGINT = 2n ** 256n;

const UNSHOWABLE = 'something that cannot be shown';

/** Fields with secrets in requests and settings of HTTP clients. */
const SECRET =
  /^(?:proxy-)?authorization$|^(?:set-)?cookie$|password$|secret$|^(?:access|refresh|id)_?token$|api[-_]?key$/i;

/**
 * Copies any value into plain data for `JSON.stringify`: without cycles, getters, classes and secrets, and no larger than
 * people read. It never throws, and reads no more than it shows.
 *
 * @param max about how long the copy may be as JSON, in characters
 */
export function boundedValue(value: unknown, max: number): unknown {
  const above = new Set<object>();
  let left = max;

  function text(whole: string, most: number = MAX_TEXT): string {
    const shown = boundedText(whole, Math.max(40, Math.min(most, left)));
    left -= shown.length + 3;
    return shown;
  }

  function show(shown: unknown): unknown {
    left -= 1;
    switch (typeof shown) {
      case 'string':
        return text(shown);
      case 'number':
        left -= 8;
        return Number.isFinite(shown) ? shown : String(shown);
      case 'bigint':
        return shown > MAX_BIGINT || shown < -MAX_BIGINT ? '[a very large bigint]' : text(String(shown));
      case 'symbol':
        return text(`Symbol(${shown.description ?? ''})`);
      case 'function':
        return text(functionName(shown));
      case 'object':
        return shown === null ? null : object(shown);
      default:
        return shown;
    }
  }

  function object(shown: object): unknown {
    if (above.has(shown)) return '[circular]';
    if (above.size >= MAX_DEPTH) return '[too deep]';
    above.add(shown);
    try {
      return fieldsOf(shown);
    } catch {
      return UNSHOWABLE;
    } finally {
      above.delete(shown);
    }
  }

  function fieldsOf(shown: object): unknown {
    if (isErrorLike(shown)) return errorFields(shown);
    if (types.isPromise(shown)) return '[promise]';
    if (ArrayBuffer.isView(shown) || types.isAnyArrayBuffer(shown)) return `[${shown.byteLength} bytes]`;
    if (types.isRegExp(shown)) return text(String(shown));
    // Each character of a String object is a field of it.
    if (types.isBoxedPrimitive(shown)) return show(shown.valueOf());
    if (types.isMap(shown)) return list(Map.prototype.entries.call(shown), shown.size);
    if (types.isSet(shown)) return list(Set.prototype.values.call(shown), shown.size);
    const { toJSON } = shown as { toJSON?: unknown };
    if (typeof toJSON === 'function') return show(toJSON.call(shown));
    if (Array.isArray(shown)) return list(entriesOf(shown), shown.length);
    const names = Object.keys(shown);
    const fields: [string, unknown][] = [];
    for (const name of names) {
      if (fields.length >= MAX_ENTRIES || left <= 0) {
        fields.push(['…', `${names.length - fields.length} more`]);
        break;
      }
      fields.push([text(name, MAX_NAME), field(shown, name)]);
    }
    return Object.fromEntries(fields);
  }

  function field(shown: object, name: string): unknown {
    try {
      const held = (shown as Record<string, unknown>)[name];
      return SECRET.test(name) && typeof held === 'string' ? '[secret]' : show(held);
    } catch {
      return UNSHOWABLE;
    }
  }

  function list(items: Iterable<unknown>, length: number): unknown[] {
    const shown: unknown[] = [];
    for (const item of items) {
      if (shown.length >= MAX_ENTRIES || left <= 0) {
        shown.push(`… ${length - shown.length} more`);
        break;
      }
      shown.push(show(item));
    }
    return shown;
  }

  function errorFields(error: object): unknown {
    const fields = ['name', 'message', 'code', 'stack', 'cause'].map((name) => [name, readField(error, name)] as const);
    return Object.fromEntries(
      fields.flatMap(([name, held]) => (held === undefined ? [] : [[name === 'name' ? 'type' : name, show(held)]])),
    );
  }

  return show(value);
}

/** The items of an array by index: its iterator may be replaced. */
function* entriesOf(items: readonly unknown[]): Generator {
  for (let place = 0; place < items.length; place++) {
    let item: unknown;
    try {
      item = items[place];
    } catch {
      item = UNSHOWABLE;
    }
    yield item;
  }
}

function functionName(value: unknown): string {
  const name = readField(value, 'name');
  return typeof name === 'string' && name !== '' ? `[function ${name}]` : '[function]';
}
