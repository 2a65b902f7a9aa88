import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { giveUpConnection } from './give-up-connection.ts';

/** A body of a refused request that announces no more than this is read past, so that its connection can be used again. */
const MAX_PASSED_BYTES = 65_536;

/**
 * Sends an answer over Node's own HTTP types. It is exactly ours: headers that somebody else has set on the response
 * before are removed. A connection whose request is not worth reading to its end is closed.
 */
export function answerHttp(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  const givesUp = !request.complete && (answer.headers['connection'] === 'close' || isLong(request));
  const closes = givesUp || isClosing(request);
  response.writeHead(answer.status, closes ? { ...answer.headers, connection: 'close' } : answer.headers);
  if (givesUp && request.httpVersionMajor < 2) giveUpConnection(request.socket);
  else if (!request.complete) request.resume();
  response.end(answer.body);
}

/** Whether it is unknown how much comes, much comes, or the client was not told whether to send it. */
function isLong({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    headers.expect !== undefined ||
    Number(headers['content-length'] ?? 0) > MAX_PASSED_BYTES
  );
}

/**
 * A server that is closing waits for its connections. Those that were idle have been closed; one that was at work would
 * stay open, for the client to use again.
 */
function isClosing({ socket }: IncomingMessage): boolean {
  return 'server' in socket && (socket.server as Server | null)?.listening === false;
}
