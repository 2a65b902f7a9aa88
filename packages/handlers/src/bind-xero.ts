import { boundedText } from '@xero-webhooks/bounded';
import type { Calls } from './calls.ts';
import type { Context } from './handler.ts';
import type { UnknownResource } from './resource.ts';
import type { Verdict } from './verdict.ts';
import type { Read, ReadOptions, XeroAccess } from './xero-access.ts';
import type { ListOptions, XeroClient } from './xero-client.ts';

type Attempt = { access: XeroAccess; verdict: Verdict; calls: Calls; readOptions: ReadOptions };

/** How much of a path to show, in characters. */
const MAX_PATH = 100;

/** Binds reads to one attempt of a handler: a read that has to wait for long parks it, whatever the handler does next. */
export function bindXero({ access, verdict, calls, readOptions }: Attempt): Pick<Context, 'resource' | 'xero'> {
  async function valueOf<Value>(reading: Promise<Read<Value>>): Promise<Value> {
    const read = await reading;
    return read.outcome === 'read' ? read.value : verdict.park(read.delayMs, read.reason);
  }

  const named = (method: string, path: string): string => `context.xero.${method}('${boundedText(path, MAX_PATH)}')`;

  async function* list(path: string, options: ListOptions = {}): AsyncGenerator<UnknownResource> {
    for (let number = 1; ; number++) {
      const reading = valueOf(access.page(path, number, options, readOptions));
      const { items, more } = await calls.follow(named('list', path), reading);
      yield* items as UnknownResource[];
      if (!more) return;
    }
  }

  return {
    // Its type follows from the event's name: see ResourceOf.
    resource: (() => calls.follow('context.resource()', valueOf(access.resource(readOptions)))) as Context['resource'],
    xero: {
      get: <Answer>(path: string, query = {}) =>
        calls.follow(named('get', path), valueOf(access.get(path, query, readOptions))) as Promise<Answer>,
      list: list as XeroClient['list'],
    },
  };
}
