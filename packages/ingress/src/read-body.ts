import type { IncomingMessage } from 'node:http';

export type ReadBody =
  | { outcome: 'read'; body: Buffer }
  | { outcome: 'too-large' }
  | { outcome: 'too-much-at-once' }
  /** The client went away: nobody is left to answer. */
  | { outcome: 'aborted' };

export type BodyReader = (request: IncomingMessage) => Promise<ReadBody>;

type Options = {
  /** The largest body, in bytes. */
  maxBytes: number;
  /** How many bytes of unfinished bodies may be in memory, over all requests. @defaultValue 64 MiB, or one body */
  maxUnfinishedBytes?: number;
};

/**
 * Makes a reader of raw bodies whose memory is bounded over all requests, whoever sends them: nothing is known of a
 * request before its whole body has been read.
 */
export function createBodyReader({ maxBytes, maxUnfinishedBytes = 64 * 1024 * 1024 }: Options): BodyReader {
  const limit = Math.max(maxBytes, maxUnfinishedBytes);
  let unfinished = 0;

  return (request) => {
    if (Number(request.headers['content-length']) > maxBytes) return Promise.resolve({ outcome: 'too-large' });
    if (request.destroyed) return Promise.resolve({ outcome: 'aborted' });
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let size = 0;

      const finish = (result: ReadBody): void => {
        request.off('data', onData).off('end', onEnd).off('error', onAborted).off('close', onAborted);
        unfinished -= size;
        resolve(result);
      };
      const onData = (chunk: Buffer): void => {
        size += chunk.length;
        unfinished += chunk.length;
        if (size > maxBytes) finish({ outcome: 'too-large' });
        else if (unfinished > limit) finish({ outcome: 'too-much-at-once' });
        else chunks.push(chunk);
      };
      const onEnd = (): void =>
        finish({ outcome: 'read', body: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks) });
      const onAborted = (): void => finish({ outcome: 'aborted' });
      request.on('data', onData).once('end', onEnd).once('error', onAborted).once('close', onAborted);
    });
  };
}
