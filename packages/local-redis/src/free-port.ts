import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that a system hands out by itself, to connections as to servers that listen on any: from 32768 on
 * (Linux, https://docs.kernel.org/networking/ip-sysctl.html, `ip_local_port_range`) or 49152 (elsewhere). A port from
 * among those can be gone again before a server listens on it.
 */
const FIRST = 12_000;
const LAST = 32_767;

/** Those that were given, and those that somebody had. */
const given = new Set<number>();

/**
 * Finds a port that nobody listens on, for a server that has to be told its port. This process never gets it twice.
 *
 * @returns a port from 12000 to 32767
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return true;
}
