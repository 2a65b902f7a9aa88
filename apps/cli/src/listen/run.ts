import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { addressOf, listening } from '@xero-webhooks/runtime';
import { createSignatureCheck } from '@xero-webhooks/webhook';
import { findKey } from '../simulate/target.ts';
import type { ListenOptions } from './command.ts';
import { forward } from './forward.ts';
import type { Received } from './receive.ts';
import { receive } from './receive.ts';
import { describeReceived, reportReceived } from './report.ts';

/** Listens until it is interrupted. */
export async function runListen({ port, host, path, key: given, forwardTo, json }: ListenOptions): Promise<void> {
  const verify = createSignatureCheck([findKey(given, process.env, process.cwd())]);
  const print = (line: string): boolean => process.stdout.write(`${line}\n`);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const received = await receive(request, path, verify);
      answer(response, received);
      const at = new Date();
      if (json) print(JSON.stringify(describeReceived(received, at)));
      else reportReceived(received, at).forEach(print);
      if (!forwardTo || !('body' in received)) return;
      const status = await forward(forwardTo, received.body, request.headers);
      if (json) print(JSON.stringify({ at: new Date().toISOString(), outcome: 'forwarded', to: forwardTo, status }));
      else print(`          → ${forwardTo}: ${status}`);
    } catch {
      // The client went away in the middle of its body.
      response.destroy();
    }
  }

  const server = createServer((request, response) => void handle(request, response));
  await listening({ host, port, variable: '--port' }, async () => {
    server.listen(port, host);
    await once(server, 'listening');
  });
  process.stderr.write(`xw: listening at ${addressOf(server)}${path}; Ctrl-C ends it\n`);
  await interrupted();
  server.close();
  server.closeAllConnections();
}

/** Resolves at Ctrl-C, or when it is asked to end. */
async function interrupted(): Promise<void> {
  await Promise.race(['SIGINT', 'SIGTERM'].map((signal) => once(process, signal)));
}

/** 200 and 401 have no body, as Xero's check asks for. */
function answer(response: ServerResponse, { status }: Received): void {
  response.writeHead(status, { 'content-length': 0, ...(status === 405 ? { allow: 'POST' } : {}) }).end();
}
