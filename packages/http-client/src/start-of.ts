import type { Readable } from 'node:stream';

/** How long to wait for a body whose end does not matter, in milliseconds. */
const PATIENCE_MS = 2_000;

/**
 * The start of a body, as much as comes in time: neither a longer one nor one that breaks off is a failure. A connection
 * whose answer has not ended is closed.
 */
export function startOf(body: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (): void => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks).subarray(0, maxBytes));
      if (!body.readableEnded) body.destroy();
    };
    const timer = setTimeout(finish, PATIENCE_MS);
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > maxBytes) finish();
    });
    body.once('end', finish);
    body.once('close', finish);
    // Also those that follow from closing it.
    body.on('error', finish);
  });
}
