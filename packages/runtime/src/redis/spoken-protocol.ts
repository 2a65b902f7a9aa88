import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** What a port speaks: Redis in the clear, TLS, or nothing that could be told. */
export type SpokenProtocol = 'plain' | 'tls' | 'unknown';

/** How long a server may take to show it, in milliseconds. */
const PATIENCE_MS = 500;

/**
 * Finds out whether a port speaks Redis in the clear or TLS. A client that has it wrong is not told: a server that
 * expects TLS hangs up, one that does not waits for the rest of a command.
 *
 * @returns what it speaks; nothing secret is sent
 */
export async function spokenProtocol(host: string, port: number): Promise<SpokenProtocol> {
  const [plain, tls] = await Promise.all([speaksPlain(host, port), speaksTls(host, port)]);
  if (plain) return 'plain';
  return tls ? 'tls' : 'unknown';
}

function speaksPlain(host: string, port: number): Promise<boolean> {
  return outcomeOf(createConnection({ host, port }), (socket, settle) => {
    socket.once('connect', () => socket.write('PING\r\n'));
    // `+PONG`, or an error such as `-NOAUTH`.
    socket.once('data', (answer) => settle(/^[+-][A-Z]/.test(answer.toString('latin1'))));
  });
}

function speaksTls(host: string, port: number): Promise<boolean> {
  // Whose certificate it is does not matter: nothing is sent over this connection.
  return outcomeOf(connectTls({ host, port, rejectUnauthorized: false }), (socket, settle) => {
    socket.once('secureConnect', () => settle(true));
    // It asks for a certificate of ours: that is TLS too.
    socket.once('error', (error) => settle(/alert/i.test(error.message)));
  });
}

function outcomeOf(
  socket: Socket,
  listen: (socket: Socket, settle: (result: boolean) => void) => void,
): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (result: boolean): void => {
      clearTimeout(late);
      socket.destroy();
      resolve(result);
    };
    const late = setTimeout(() => settle(false), PATIENCE_MS);
    listen(socket, settle);
    socket.on('error', () => settle(false));
    socket.once('close', () => settle(false));
  });
}
