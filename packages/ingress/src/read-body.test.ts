import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createBodyReader } from './read-body.ts';

/** Begins a request, and returns both of its ends. */
async function begin(length: number, start: string): Promise<{ request: IncomingMessage; socket: Socket }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  socket.on('error', () => {});
  socket.write(`POST / HTTP/1.1\r\nhost: x\r\ncontent-length: ${length}\r\n\r\n${start}`);
  const [request] = (await once(server, 'request')) as [IncomingMessage];
  return { request, socket };
}

/** A request without a length, whose pieces each arrive as a chunk. */
function inPieces(body: Buffer, length: number, headers: Record<string, string> = {}): IncomingMessage {
  const pieces = Array.from({ length: Math.ceil(body.length / length) }, (_, index) =>
    body.subarray(index * length, (index + 1) * length),
  );
  return Object.assign(Readable.from(pieces, { objectMode: false }), { headers }) as unknown as IncomingMessage;
}

describe('the reading of a body', () => {
  it('ends if the client disconnects in the middle', async () => {
    const read = createBodyReader({ maxBytes: 100 });
    const { request, socket } = await begin(10, 'half');
    const body = read(request);
    socket.destroy();
    expect(await body).toEqual({ outcome: 'aborted' });
  });

  it('ends if the client disconnected before it began', async () => {
    const read = createBodyReader({ maxBytes: 100 });
    const { request, socket } = await begin(10, 'half');
    request.on('error', () => {});
    const closed = new Promise((resolve) => request.once('close', resolve));
    socket.destroy();
    await closed;
    expect(await read(request)).toEqual({ outcome: 'aborted' });
  });

  it('refuses the oldest body as soon as more is unfinished than all bodies together may have', async () => {
    const read = createBodyReader({ maxBytes: 10, maxUnfinishedBytes: 15 });
    const first = await begin(10, '12345678');
    const second = await begin(10, '1234567890');
    const arrived = once(first.request, 'data');
    const firstBody = read(first.request);
    await arrived;
    expect(await read(second.request)).toEqual({ outcome: 'read', body: Buffer.from('1234567890') });
    expect(await firstBody).toEqual({ outcome: 'too-much-at-once' });

    // Bodies that were refused or read make room.
    const third = await begin(10, '1234567890');
    expect(await read(third.request)).toEqual({ outcome: 'read', body: Buffer.from('1234567890') });
  });

  it.each([1, 3, 7, 5_000])('puts together a body that comes in pieces of %i bytes', async (length) => {
    const read = createBodyReader({ maxBytes: 20_000 });
    const whole = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
    const request = inPieces(whole, length);
    expect(await read(request)).toEqual({ outcome: 'read', body: whole });
  });

  it('accepts the largest size and refuses a byte more, without an announced length', async () => {
    const read = createBodyReader({ maxBytes: 1_000 });
    expect(await read(inPieces(Buffer.alloc(1_000), 1))).toMatchObject({ outcome: 'read' });
    expect(await read(inPieces(Buffer.alloc(1_001), 1))).toEqual({ outcome: 'too-large' });
  });

  const CHUNKED = { 'transfer-encoding': 'chunked' };

  it('is refused if the chunks have only a few bytes', async () => {
    const read = createBodyReader({ maxBytes: 1_000_000 });
    expect(await read(inPieces(Buffer.alloc(20_000), 1, CHUNKED))).toEqual({ outcome: 'too-many-pieces' });
    expect(await read(inPieces(Buffer.alloc(200_000), 20, CHUNKED))).toEqual({ outcome: 'too-many-pieces' });
  });

  it.each([
    [1_000, 1],
    [1_000_000, 64],
    [1_000_000, 500],
    [1_000_000, 16_384],
  ])('accepts a body of %i bytes in chunks of %i', async (bytes, length) => {
    const read = createBodyReader({ maxBytes: 1_000_000 });
    expect(await read(inPieces(Buffer.alloc(bytes), length, CHUNKED))).toMatchObject({ outcome: 'read' });
  });

  it('is refused first for the address with the most unfinished bytes', async () => {
    const read = createBodyReader({ maxBytes: 20, maxUnfinishedBytes: 25 });
    const begun = (address: string): { request: PassThrough; body: Promise<unknown> } => {
      const request = Object.assign(new PassThrough(), { headers: {}, socket: { remoteAddress: address } });
      return { request, body: read(request as unknown as IncomingMessage) };
    };
    const lonely = begun('192.0.2.1');
    const others = [begun('192.0.2.2'), begun('192.0.2.2')] as const;
    lonely.request.emit('data', Buffer.alloc(10));
    others[0].request.emit('data', Buffer.alloc(8));
    others[1].request.emit('data', Buffer.alloc(8));
    expect(await others[0].body).toEqual({ outcome: 'too-much-at-once' });
    for (const { request } of [lonely, others[1]]) request.emit('end');
    expect(await lonely.body).toMatchObject({ outcome: 'read' });
    expect(await others[1].body).toMatchObject({ outcome: 'read' });
  });

  it('takes no more memory than the body, however small its pieces', async () => {
    const read = createBodyReader({ maxBytes: 1_000_000 });
    const request = new PassThrough() as unknown as IncomingMessage & PassThrough;
    request.headers = {};
    const body = read(request);
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    collect();
    const before = process.memoryUsage();
    for (let count = 0; count < 500_000; count++) request.emit('data', Buffer.from([count % 256]));
    collect();
    const after = process.memoryUsage();
    expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(20_000_000);
    request.emit('end');
    expect(await body).toMatchObject({ outcome: 'read', body: { length: 500_000 } });
  });

  it('ends if the body does not come in time', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const read = createBodyReader({ maxBytes: 100, maxMs: 5_000 });
    const { request } = await begin(10, 'half');
    const body = read(request);
    await vi.advanceTimersByTimeAsync(4_000);
    const other = await begin(10, 'half');
    const otherBody = read(other.request);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await body).toEqual({ outcome: 'too-slow' });
    other.socket.write(' whole');
    expect(await otherBody).toEqual({ outcome: 'read', body: Buffer.from('half whole') });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no listener behind', async () => {
    const read = createBodyReader({ maxBytes: 100 });
    const { request } = await begin(4, 'body');
    const before = request.eventNames().length;
    await read(request);
    expect(request.eventNames()).toHaveLength(before);
  });
});
