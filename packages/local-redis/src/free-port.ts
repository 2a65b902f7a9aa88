import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ephemeral ports, which the system gives to connections and to servers that listen on any port: from 32768
 * (Linux, https://docs.kernel.org/networking/ip-sysctl.html, `ip_local_port_range`) or 49152 (elsewhere). One of those can
 * be taken before a server listens on it.
 */
const FIRST = 12_000;
const LAST = 32_767;

/** Ports already returned, and ports found in use. */
const given = new Set<number>();

/**
 * A free port for a server that must be told its port. The same process never gets it twice.
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
