import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
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

describe('the reading of a body', () => {
  it('ends where the client goes away in the middle', async () => {
    const read = createBodyReader({ maxBytes: 100 });
    const { request, socket } = await begin(10, 'half');
    const body = read(request);
    socket.destroy();
    expect(await body).toEqual({ outcome: 'aborted' });
  });

  it('ends where the client went away before it began', async () => {
    const read = createBodyReader({ maxBytes: 100 });
    const { request, socket } = await begin(10, 'half');
    request.on('error', () => {});
    const closed = new Promise((resolve) => request.once('close', resolve));
    socket.destroy();
    await closed;
    expect(await read(request)).toEqual({ outcome: 'aborted' });
  });

  it('refuses a body as soon as more is unfinished than all bodies together may have', async () => {
    const read = createBodyReader({ maxBytes: 10, maxUnfinishedBytes: 15 });
    const first = await begin(10, '12345678');
    const second = await begin(10, '12345678');
    const arrived = once(first.request, 'data');
    const firstBody = read(first.request);
    await arrived;
    expect(await read(second.request)).toEqual({ outcome: 'too-much-at-once' });
    first.socket.write('90');
    expect(await firstBody).toEqual({ outcome: 'read', body: Buffer.from('1234567890') });

    // What was refused and what was read make room.
    const third = await begin(10, '1234567890');
    expect(await read(third.request)).toEqual({ outcome: 'read', body: Buffer.from('1234567890') });
  });

  it('leaves no listener behind', async () => {
    const read = createBodyReader({ maxBytes: 100 });
    const { request } = await begin(4, 'body');
    const before = request.eventNames().length;
    await read(request);
    expect(request.eventNames()).toHaveLength(before);
  });
});
