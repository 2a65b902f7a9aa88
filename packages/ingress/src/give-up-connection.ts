import type { Socket } from 'node:net';

/** How long a client that is still sending has to read the last answer, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * Ends a connection in the middle of a request: discards whatever still arrives without parsing it, and closes the
 * connection once the pending answers have been sent.
 *
 * Closing it with bytes unread would reset the connection, and the client might never see the answer. So our side is
 * ended first, and the client has a second to close.
 */
export function giveUpConnection(socket: Socket): void {
  for (const parse of socket.listeners('data')) socket.off('data', parse as (bytes: Buffer) => void);
  socket.on('data', ignore).resume();
  // Node's HTTP server calls this after it has sent the last answer.
  socket.destroySoon = () => {
    if (socket.readableEnded) return void socket.end(() => socket.destroy());
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer));
  };
}

function ignore(): void {}
