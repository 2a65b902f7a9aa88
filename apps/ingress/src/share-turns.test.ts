import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { giveUpConnection } from '@xero-webhooks/ingress';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shareTurns } from './share-turns.ts';

/** Starts a server whose connections take turns. */
async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<() => Socket> {
  const server = createServer(handle).listen(0, '127.0.0.1');
  shareTurns(server);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return () => {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', noDelay: true });
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    return socket;
  };
}

const SMALL_REQUEST = 'GET /many HTTP/1.1\r\nhost: x\r\n\r\n';

function waste(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

/** Waits until the received text contains `what` at least `times` times. */
async function received(socket: Socket, what: string, times: number): Promise<number> {
  let count = 0;
  let rest = '';
  for await (const text of socket.setEncoding('latin1')) {
    const parts = (rest + String(text)).split(what);
    count += parts.length - 1;
    rest = parts.at(-1)!.slice(-what.length + 1);
    if (count >= times) break;
  }
  return count;
}

describe('connections that take turns', () => {
  it('are answered in the midst of what another has sent in one go', async () => {
    let many = 0;
    const open = await serve((request, response) => {
      if (request.url === '/many') {
        many++;
        waste(0.2);
      }
      response.end();
    });
    const total = 2_000;
    const [costly, other] = [open(), open()];
    await Promise.all([once(costly, 'connect'), once(other, 'connect')]);
    costly.resume().write(SMALL_REQUEST.repeat(total));
    other.write('GET /one HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(other, 'data');
    expect(many).toBeLessThan(total / 2);
    while (many < total) await nextTurn();
  });

  it('get every answer in order, also where they read the first only after the last was asked for', async () => {
    let handled = 0;
    const open = await serve((_request, response) => {
      handled++;
      response.end(`<${handled}>${'x'.repeat(1_000)}`);
    });
    const socket = open();
    const total = 20_000;
    socket.pause();
    socket.write(SMALL_REQUEST.repeat(total));
    let before = -1;
    // The server stops reading while its answers are not read.
    while (handled === 0 || handled !== before) {
      before = handled;
      for (let turns = 0; turns < 200; turns++) await nextTurn();
    }
    expect(handled).toBeLessThan(total);
    expect(await received(socket, 'HTTP/1.1 200 OK', total)).toBe(total);
    expect(handled).toBe(total);
  });

  it.each([1, 700, 5_000, 90_000])('get a body through as it is, in chunks of %i bytes', async (length) => {
    const body = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 251));
    const bodies: Buffer[] = [];
    const open = await serve((request, response) => {
      request.on('data', (bytes: Buffer) => bodies.push(bytes)).on('end', () => response.end());
    });
    const socket = open();
    const chunks = Array.from({ length: Math.ceil(body.length / length) }, (_, index) => {
      const chunk = body.subarray(index * length, (index + 1) * length);
      return [`${chunk.length.toString(16)}\r\n`, chunk, '\r\n'];
    });
    const bytes = ['POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n', ...chunks.flat(), '0\r\n\r\n'];
    socket.write(Buffer.concat(bytes.map((part) => Buffer.from(part as string))));
    await once(socket, 'data');
    expect(Buffer.concat(bodies).equals(body)).toBe(true);
  });

  it('are not parsed any more once they are given up', async () => {
    let pieces = 0;
    const open = await serve((request, response) => {
      request.on('error', () => {});
      request.on('data', () => {
        if (++pieces !== 10) return;
        giveUpConnection(request.socket);
        response.writeHead(400, { connection: 'close', 'content-length': '0' }).end();
      });
    });
    const socket = open();
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n');
    socket.write('1\r\na\r\n'.repeat(100_000));
    expect(await received(socket, 'HTTP/1.1 400', 1)).toBe(1);
    expect(pieces).toBeLessThan(2_000);
  });
});
