import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/**
 * How many sockets listen on the port. In each turn of its event loop, Node accepts one connection per socket. With a
 * thousand busy connections a turn is so long that one socket accepts only forty connections a second, and the rest of a
 * burst would wait longer than Xero does.
 */
const SOCKETS = 32;

/**
 * How many connections may wait to be accepted, over all sockets; the system has its own limit, too. With Node's 511, most
 * of a burst of a thousand had to send their first request again, after 0.2 to 1.6 seconds.
 */
const BACKLOG = 4_096;

type Where = { host: string; port: number };

type ListenOptions = Where & { backlog?: number; reusePort?: boolean };

/** The sockets on which a server listens in addition to its own. */
export type ListeningSockets = {
  /** Stops accepting connections, and waits until those that were accepted have ended. */
  close(): Promise<void>;
};

/**
 * Lets a server accept many connections at once, even under load: over several sockets on the same port (SO_REUSEPORT)
 * if the system supports that, otherwise over one.
 *
 * @param listen makes the server itself listen
 * @param sockets the number of sockets @defaultValue 32
 * @throws the system's error if the address or port cannot be used, or another process listens on it
 */
export async function listenForBursts(
  server: Server,
  listen: (options: ListenOptions) => Promise<unknown>,
  { host, port }: Where,
  sockets = SOCKETS,
): Promise<ListeningSockets> {
  if (sockets === 1 || !(await canShare(host))) {
    await listen({ host, port, backlog: BACKLOG });
    return { close: async () => {} };
  }

  // Servers that share a port do not notice each other. One that does not share it fails if another is there.
  await listenOnce({ host, port });

  const backlog = BACKLOG / sockets;
  await listen({ host, port, backlog, reusePort: true });
  const { address, port: chosen } = server.address() as AddressInfo;
  const others = Array.from({ length: sockets - 1 }, () =>
    // The options with which Node's own HTTP server accepts connections.
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => server.emit('connection', socket)),
  );
  await Promise.all(
    others.map(async (other) => {
      other.listen({ host: address, port: chosen, backlog, reusePort: true });
      await once(other, 'listening');
    }),
  );
  return {
    close: async () => void (await Promise.all(others.map((other) => new Promise((resolve) => other.close(resolve))))),
  };
}

/** Whether several sockets can share a port on this system. */
async function canShare(host: string): Promise<boolean> {
  return listenOnce({ host, port: 0, reusePort: true }).then(
    () => true,
    () => false,
  );
}

async function listenOnce(options: ListenOptions): Promise<void> {
  const server = createServer();
  server.listen(options);
  await once(server, 'listening');
  server.close();
  await once(server, 'close');
}
