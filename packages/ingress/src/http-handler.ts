import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { METHOD_NOT_ALLOWED } from './answer.ts';
import type { Ingress } from './ingress.ts';

/**
 * Handles a request over Node's own HTTP types, so that it works in any server. The answer is exactly ours: headers that
 * somebody else has set on the response before are removed.
 */
export async function handleHttp(ingress: Ingress, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = request.method === 'POST' ? await answerPost(ingress, request) : METHOD_NOT_ALLOWED;
  if (answer === undefined || response.destroyed) return;
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  response.writeHead(answer.status, isClosing(request) ? { ...answer.headers, connection: 'close' } : answer.headers);
  if (request.complete || answer.headers['connection'] !== 'close') response.end(answer.body);
  else {
    // To close with bytes unread would reset the connection, and the client might never see the answer.
    response.flushHeaders();
    request.once('close', () => response.end(answer.body));
  }
  // What was not read is let go by.
  if (!request.complete) request.resume();
}

/**
 * A server that is closing waits for its connections. Those that were idle have been closed; one that was at work would
 * stay open, for the client to use again.
 */
function isClosing({ socket }: IncomingMessage): boolean {
  return 'server' in socket && (socket.server as Server | null)?.listening === false;
}

async function answerPost(ingress: Ingress, request: IncomingMessage): Promise<Answer | undefined> {
  const read = await ingress.readBody(request);
  switch (read.outcome) {
    case 'read':
      return ingress.receive(read.body, request.headers);
    case 'too-large':
      return ingress.refuse({ outcome: 'too-large' });
    case 'too-much-at-once':
      return ingress.refuse({ outcome: 'refused', reason: 'too many bodies at once' });
    case 'too-slow':
      return ingress.refuse({ outcome: 'refused', reason: 'a body did not come in time' });
    case 'aborted':
      return undefined;
  }
}
