import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { giveUpConnection } from './give-up-connection.ts';

/** The longest announced body of a refused request that is still read, so that its connection can be reused. */
const MAX_PASSED_BYTES = 65_536;

/**
 * Sends an answer over Node's own HTTP types, exactly as it is: headers that the host application set on the response
 * before are removed. If the rest of the request is not worth reading, the connection is closed.
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

/** Whether the body is long, of unknown length, or held back by the client until it is told to go on. */
function isLong({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    headers.expect !== undefined ||
    Number(headers['content-length'] ?? 0) > MAX_PASSED_BYTES
  );
}

/**
 * A closing server waits for its connections. The idle ones have been closed; this one would stay open for the client's
 * next request.
 */
function isClosing({ socket }: IncomingMessage): boolean {
  return 'server' in socket && (socket.server as Server | null)?.listening === false;
}
