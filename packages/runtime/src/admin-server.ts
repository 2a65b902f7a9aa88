import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import { addressOf, listening } from './listen.ts';
import type { Metrics } from './metrics/create-metrics.ts';

type Options = {
  host: string;
  port: number;
  /** The variable that sets the port, for the error that says it is taken. */
  variable: string;
  metrics: Metrics;
  /** Whether the process can do its work: for `/readyz`. */
  isReady: () => Promise<boolean>;
};

export type AdminServer = { readonly url: string; close(): Promise<void> };

/**
 * Serves `/healthz` (the process is alive), `/readyz` (it can do its work) and `/metrics`, on a port of its own.
 *
 * @throws CodedError `XW_PORT_TAKEN` or `XW_LISTEN`
 */
export async function startAdminServer(options: Options): Promise<AdminServer> {
  const server = createServer(adminRoutes(options));
  await listening(options, async () => {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, () => resolve());
    });
  });
  return {
    url: addressOf(server),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

function adminRoutes({ metrics, isReady }: Options): RequestListener {
  return (request, response) => {
    switch (request.url?.split('?', 1)[0]) {
      case '/healthz':
        return answer(response, 200, 'ok\n');
      case '/readyz':
        return void isReady().then(
          (ready) => answer(response, ready ? 200 : 503, ready ? 'ready\n' : 'not ready: Redis does not answer\n'),
          () => answer(response, 503, 'not ready\n'),
        );
      case '/metrics':
        return void metrics.metrics().then(
          (text) => answer(response, 200, text, metrics.contentType),
          () => answer(response, 500, 'the metrics cannot be read\n'),
        );
      default:
        return answer(response, 404, 'there is /healthz, /readyz and /metrics\n');
    }
  };
}

function answer(response: ServerResponse, status: number, body: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
