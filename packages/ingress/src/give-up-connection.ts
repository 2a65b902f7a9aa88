import type { Socket } from 'node:net';

/** How long a client has to read the last answer while it still sends, in milliseconds. */
const LINGER_MS = 1_000;

/**
 * Ends a connection in the middle of a request: what still comes is let go by without being parsed, and once the answers
 * that are due have been sent, the connection is closed.
 *
 * To close with bytes unread would reset the connection, and the client might never see the answer. So it is told first
 * that nothing more comes, and has a second to close.
 */
export function giveUpConnection(socket: Socket): void {
  for (const parse of socket.listeners('data')) socket.off('data', parse as (bytes: Buffer) => void);
  socket.on('data', ignore).resume();
  // Node's HTTP server calls it when it has sent the last answer.
  socket.destroySoon = () => {
    if (socket.readableEnded) return void socket.end(() => socket.destroy());
    socket.end();
    const timer = setTimeout(() => socket.destroy(), LINGER_MS);
    socket.once('end', () => socket.destroy()).once('close', () => clearTimeout(timer));
  };
}

function ignore(): void {}
