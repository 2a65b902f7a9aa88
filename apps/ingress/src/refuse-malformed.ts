import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { Ingress, RefusalReason } from '@xero-webhooks/ingress';
import { giveUpConnection } from '@xero-webhooks/ingress';

/** By Node's error code; any other error means malformed HTTP. */
const REFUSALS: Readonly<Record<string, { status: number; reason: RefusalReason }>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'not-complete-in-time' },
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'headers-too-large' },
  HPE_CHUNK_EXTENSIONS_OVERFLOW: { status: 413, reason: 'too-large' },
};

/** Answers and counts input that Node cannot parse as a request, and closes the connection. */
export function refuseMalformed({ refusals }: Ingress, error: Error & { code?: string }, socket: Socket): void {
  const { code = '' } = error;
  // The client has gone, or already has its last answer.
  if (code === 'ECONNRESET' || code === 'EPIPE' || !socket.writable) return void socket.destroy();
  const { status, reason } = REFUSALS[code] ?? { status: 400, reason: 'malformed' };
  refusals.count(status, reason);
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  giveUpConnection(socket);
  socket.destroySoon();
}
