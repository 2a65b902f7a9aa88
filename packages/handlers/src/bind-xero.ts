import { boundedText } from '@xero-webhooks/bounded';
import type { Calls } from './calls.ts';
import { createXeroClient } from './create-xero-client.ts';
import type { Context } from './handler.ts';
import type { Verdict } from './verdict.ts';
import type { Read, ReadOptions, XeroAccess } from './xero-access.ts';

type Attempt = { access: XeroAccess; verdict: Verdict; calls: Calls; readOptions: ReadOptions };

/** How much of a path to show, in characters. */
const MAX_PATH = 100;

/** What a read comes to; one that has to wait for long parks the handler, whatever it does next. */
export async function valueOf<Value>(reading: Promise<Read<Value>>, verdict: Verdict): Promise<Value> {
  const read = await reading;
  return read.outcome === 'read' ? read.value : verdict.park(read.delayMs, read.reason);
}

/** Binds reads to one attempt of a handler. */
export function bindXero({ access, verdict, calls, readOptions }: Attempt): Pick<Context, 'resource' | 'xero'> {
  const read = <Value>(name: string, reading: Promise<Read<Value>>): Promise<Value> =>
    calls.follow(name, valueOf(reading, verdict));

  // JavaScript gives anything for a path: the read refuses it.
  const named = (method: string, path: unknown): string =>
    `context.xero.${method}('${boundedText(String(path), MAX_PATH)}')`;

  return {
    // Its type follows from the event's name: see ResourceOf.
    resource: (() => read('context.resource()', access.resource(readOptions))) as Context['resource'],
    xero: createXeroClient({
      get: (path, query) => read(named('get', path), access.get(path, query, readOptions)),
      page: (path, number, options) => read(named('list', path), access.page(path, number, options, readOptions)),
    }),
  };
}
