import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A reverse proxy that has a server below a path. */
export type PathProxy = {
  /** Where browsers find the server: without a slash at its end. */
  readonly url: string;
  /** Leads to the server from now on. */
  leadTo(server: string): void;
  /** Every request that was outside the path: method and target. */
  readonly strays: readonly string[];
};

type Options = {
  /** Whether the server gets the target without the path. */
  strips: boolean;
  /** Whether the server gets the host that the browser asked for, or its own. */
  keepsHost: boolean;
};

/** Starts a reverse proxy, ended when the test is over. It has nothing outside the path, and answers 404 there. */
export async function startPathProxy(path: string, { strips, keepsHost }: Options): Promise<PathProxy> {
  const strays: string[] = [];
  let server = '';

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const target = incoming.url ?? '';
    if (!(target.startsWith(path) && /^(?:[/?]|$)/.test(target.slice(path.length)))) {
      strays.push(`${incoming.method} ${target}`);
      outgoing.writeHead(404).end();
      return;
    }
    const stripped = target.slice(path.length);
    const { host, ...headers } = incoming.headers;
    const onwards = send(server, {
      method: incoming.method,
      path: strips ? (stripped.startsWith('/') ? stripped : `/${stripped}`) : target,
      headers: { ...headers, host: keepsHost ? host : new URL(server).host },
    });
    onwards.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    onwards.on('error', () => outgoing.destroy());
    incoming.pipe(onwards);
  }

  const proxy = createServer(pass).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(async () => {
    proxy.closeAllConnections();
    proxy.close();
    await once(proxy, 'close');
  });
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${path}`,
    leadTo: (address) => void (server = address),
    strays,
  };
}
