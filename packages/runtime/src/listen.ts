import type { AddressInfo } from 'node:net';
import { CodedError } from './coded-error.ts';

/** The port is not for this user, or the host is not of this machine. */
const UNUSABLE: ReadonlySet<string> = new Set(['EACCES', 'EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN']);

type Where = { host: string; port: number; variable: string };

/**
 * Turns what a server says when it cannot listen into an error that names the variable to change.
 *
 * @param listen starts listening
 * @throws CodedError `XW_PORT_TAKEN` or `XW_LISTEN`
 */
export async function listening<Result>(
  { host, port, variable }: Where,
  listen: () => Promise<Result>,
): Promise<Result> {
  try {
    return await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new CodedError(
        'XW_PORT_TAKEN',
        `port ${port} on ${host} is taken: set ${variable} to another port, or 0 for any free one`,
      );
    }
    if (code !== undefined && UNUSABLE.has(code)) {
      throw new CodedError(
        'XW_LISTEN',
        `cannot listen on ${host}:${port} (${code}): check ${variable} and the host beside it`,
      );
    }
    throw error;
  }
}

/** The address of a listening server, as one would type it into a browser. */
export function addressOf(server: { address(): AddressInfo | string | null }): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('the server does not listen on a port');
  const host = address.address === '::' || address.address === '0.0.0.0' ? '127.0.0.1' : address.address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
