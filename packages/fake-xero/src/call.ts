import type { IncomingMessage } from 'node:http';

export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
};

const MAX_BODY_BYTES = 10_000_000;

/**
 * Reads the whole call.
 *
 * @throws RangeError if it is larger than 10 MB
 */
export async function readCall(request: IncomingMessage): Promise<Call> {
  const { method = 'GET', headers } = request;
  const { pathname, searchParams } = new URL(`http://fake${request.url ?? '/'}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError(`a call must not be larger than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { method, path: pathname, query: searchParams, headers, body: Buffer.concat(chunks).toString('utf8') };
}
