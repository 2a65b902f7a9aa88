import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';

/**
 * How many sockets listen on the port. Node accepts one connection of each in a turn of its event loop, and while a
 * thousand connections are at work, a turn takes so long that with one socket only forty a second get in: the rest of a
 * burst would wait longer than Xero does.
 */
const SOCKETS = 32;

/**
 * How many connections may wait until they are accepted, over all sockets; the system has its own bound besides. With
 * Node's 511, most of a burst of a thousand had to send their first request again, after 0.2 to 1.6 seconds.
 */
const BACKLOG = 4_096;

type Where = { host: string; port: number };

type ListenOptions = Where & { backlog?: number; reusePort?: boolean };

/** The sockets on which a server listens besides its own. */
export type ListeningSockets = {
  /** They accept no more connections; it waits until those that came over them have ended. */
  close(): Promise<void>;
};

/**
 * Lets a server listen so that it takes many connections at once, even under load: over several sockets on the same port
 * (SO_REUSEPORT) where the system has them, over one elsewhere.
 *
 * @param listen lets the server itself listen
 * @param sockets how many there are @defaultValue 32
 * @throws the system's error where it cannot listen there, also where somebody else shares the port
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

  // Two servers that share a port do not notice each other; one that does not share it notices both.
  await listenOnce({ host, port });

  const backlog = BACKLOG / sockets;
  await listen({ host, port, backlog, reusePort: true });
  const { address, port: chosen } = server.address() as AddressInfo;
  const others = Array.from({ length: sockets - 1 }, () =>
    // As Node's own HTTP server takes connections, and hands them on.
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

/** Whether the system lets several sockets share a port. */
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
