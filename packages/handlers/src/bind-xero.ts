import type { Context } from './handler.ts';
import type { UnknownResource } from './resource.ts';
import type { Verdict } from './verdict.ts';
import type { Read, ReadOptions, XeroAccess } from './xero-access.ts';
import type { ListOptions, XeroClient } from './xero-client.ts';

/** Binds reads to one attempt of a handler: a read that has to wait for long parks it, whatever the handler does next. */
export function bindXero(
  access: XeroAccess,
  verdict: Verdict,
  readOptions: ReadOptions,
): Pick<Context, 'resource' | 'xero'> {
  async function valueOf<Value>(reading: Promise<Read<Value>>): Promise<Value> {
    const read = await reading;
    return read.outcome === 'read' ? read.value : verdict.park(read.delayMs, read.reason);
  }

  /** A handler may start a read and await it later: a rejection until then must not end the process. */
  function early<Value>(value: Promise<Value>): Promise<Value> {
    value.catch(() => undefined);
    return value;
  }

  async function* list(path: string, options: ListOptions = {}): AsyncGenerator<UnknownResource> {
    for (let number = 1; ; number++) {
      const { items, more } = await valueOf(access.page(path, number, options, readOptions));
      yield* items as UnknownResource[];
      if (!more) return;
    }
  }

  return {
    // Its type follows from the event's name: see ResourceOf.
    resource: (() => early(valueOf(access.resource(readOptions)))) as Context['resource'],
    xero: {
      get: <Answer>(path: string, query = {}) =>
        early(valueOf(access.get(path, query, readOptions))) as Promise<Answer>,
      list: list as XeroClient['list'],
    },
  };
}
