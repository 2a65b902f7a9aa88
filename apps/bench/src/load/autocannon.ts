import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';
import type { Load, LoadOptions } from './load.ts';
import type { RequestFile } from './requests.ts';

/**
 * Uses autocannon (https://github.com/mcollina/autocannon), in this process. It needs as much processor time as a
 * receiver, so on few cores the figures are lower than with `wrk`. Latencies are whole milliseconds.
 */
export async function sendWithAutocannon(
  { file }: RequestFile,
  { url, connections, seconds, from, count, again }: LoadOptions,
  signal: AbortSignal,
): Promise<Load> {
  const requests = await readRequests(file, from, count);
  let next = 0;
  let usedUp = false;
  const open = new Set<number>();

  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon(
      {
        url,
        connections,
        duration: seconds,
        timeout: 10,
        requests: [
          {
            method: 'POST',
            setupRequest(request, context: Context) {
              // Sent twice, an event would be a duplicate in the queue, so stop instead.
              if (next === requests.length && !again) {
                usedUp = true;
                instance.stop();
              }
              context.place = next++;
              open.add(context.place);
              const { signature, body } = requests[context.place % requests.length]!;
              const headers = { 'content-type': 'application/json; charset=utf-8', 'x-xero-signature': signature };
              return { ...request, headers, body };
            },
            onResponse(_status, _body, context: Context) {
              open.delete(context.place!);
            },
          },
        ],
      },
      (error: unknown, done) => {
        signal.removeEventListener('abort', stop);
        if (error) reject(error);
        else resolve(done);
      },
    );
    const stop = (): void => instance.stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  signal.throwIfAborted();
  if (usedUp) throw new Error('autocannon stopped: it ran out of requests');
  const answered = next - open.size;
  return {
    requests: answered,
    sent: next,
    unanswered: [...open],
    perSecond: answered / result.duration,
    refused: result.non2xx,
    broken: result.errors,
    p50: result.latency.p50,
    p99: result.latency.p99,
    p999: result.latency.p99_9,
  };
}

/** autocannon passes it from a request to its answer. */
type Context = { place?: number };

type SignedRequest = { readonly signature: string; readonly body: string };

async function readRequests(file: string, from: number, count: number): Promise<SignedRequest[]> {
  const requests: SignedRequest[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file) })) {
    if (line++ < from) continue;
    const space = text.indexOf(' ');
    requests.push({ signature: text.slice(0, space), body: text.slice(space + 1) });
    if (requests.length === count) break;
  }
  return requests;
}
