import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer as createNetServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { listenForBursts } from './listen-for-bursts.ts';

const ANYWHERE = { host: '127.0.0.1', port: 0 };

const cleanUp: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

/** A server that answers with the path, and a function that makes it listen. */
async function serve(
  where = ANYWHERE,
  sockets?: number,
): Promise<{ server: Server; port: number; close: () => Promise<void> }> {
  const server = createServer((request, response) => response.end(request.url));
  const listen = async (options: object): Promise<void> => {
    server.listen(options);
    await once(server, 'listening');
  };
  const others = await listenForBursts(server, listen, where, sockets);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await Promise.all([closed, others.close()]);
  };
  cleanUp.push(close);
  return { server, port: (server.address() as AddressInfo).port, close };
}

/** Opens this many connections, and counts those that are accepted within one turn of the event loop. */
async function acceptedInOneTurn(
  { server, port }: { server: Server; port: number },
  connections: number,
): Promise<number> {
  let accepted = 0;
  const count = (): void => void accepted++;
  server.on('connection', count);
  // The system completes a connection to its own address before the server accepts it.
  const sockets = Array.from({ length: connections }, () => connect(port, '127.0.0.1').on('error', () => {}));
  cleanUp.push(() => sockets.forEach((socket) => socket.destroy()));
  await new Promise(setImmediate);
  const before = accepted;
  await new Promise(setImmediate);
  server.off('connection', count);
  return accepted - before;
}

describe('a server that listens for bursts', () => {
  it('accepts many connections in one turn of the event loop', async () => {
    expect(await acceptedInOneTurn(await serve(), 300)).toBeGreaterThan(10);
  });

  it('accepts one in each turn where it has one socket only', async () => {
    expect(await acceptedInOneTurn(await serve(ANYWHERE, 1), 300)).toBe(1);
  });

  it.each([1, 2, 32])('answers on every connection with %i sockets', async (sockets) => {
    const { port } = await serve(ANYWHERE, sockets);
    const paths = Array.from({ length: 100 }, (_, number) => `/${number}`);
    const ask = async (path: string): Promise<string> =>
      // Each request has a connection of its own.
      (await fetch(`http://127.0.0.1:${port}${path}`, { headers: { connection: 'close' } })).text();
    expect(await Promise.all(paths.map(ask))).toEqual(paths);
  });

  it.each([1, 32])('listens no more once it is closed, with %i sockets', async (sockets) => {
    const { port, close } = await serve(ANYWHERE, sockets);
    cleanUp.length = 0;
    await close();
    for (let attempt = 0; attempt < 40; attempt++) {
      const [fault] = await once(connect(port, '127.0.0.1'), 'error');
      expect(fault).toMatchObject({ code: 'ECONNREFUSED' });
    }
  });

  it('does not share the port with another of its kind', async () => {
    const { port } = await serve();
    await expect(serve({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('does not share the port with any other server', async () => {
    const other = createNetServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    cleanUp.push(() => void other.close());
    const { port } = other.address() as AddressInfo;
    await expect(serve({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('passes on what the system says of an address that is not of this machine', async () => {
    // An address reserved for documentation: https://www.rfc-editor.org/rfc/rfc5737
    await expect(serve({ host: '203.0.113.1', port: 0 })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
  });
});
