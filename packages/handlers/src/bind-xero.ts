import { boundedText } from '@xero-webhooks/bounded';
import type { Calls } from './calls.ts';
import { createXeroClient } from './create-xero-client.ts';
import type { Context } from './handler.ts';
import type { Verdict } from './verdict.ts';
import type { Read, ReadOptions, XeroAccess } from './xero-access.ts';

type Attempt = { access: XeroAccess; verdict: Verdict; calls: Calls; readOptions: ReadOptions };

/** How much of a path to show, in characters. */
const MAX_PATH = 100;

/** Binds reads to one attempt of a handler: a read that has to wait for long parks it, whatever the handler does next. */
export function bindXero({ access, verdict, calls, readOptions }: Attempt): Pick<Context, 'resource' | 'xero'> {
  async function valueOf<Value>(reading: Promise<Read<Value>>): Promise<Value> {
    const read = await reading;
    return read.outcome === 'read' ? read.value : verdict.park(read.delayMs, read.reason);
  }

  // JavaScript gives anything for a path: the read refuses it.
  const named = (method: string, path: unknown): string =>
    `context.xero.${method}('${boundedText(String(path), MAX_PATH)}')`;

  return {
    // Its type follows from the event's name: see ResourceOf.
    resource: (() => calls.follow('context.resource()', valueOf(access.resource(readOptions)))) as Context['resource'],
    xero: createXeroClient({
      get: (path, query) => calls.follow(named('get', path), valueOf(access.get(path, query, readOptions))),
      page: (path, number, options) =>
        calls.follow(named('list', path), valueOf(access.page(path, number, options, readOptions))),
    }),
  };
}
