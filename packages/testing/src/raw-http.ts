import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { until } from './app-process.ts';

/** A connection on which a test writes whatever it likes. */
export type RawConnection = {
  readonly socket: Socket;
  /** Everything that has come back. */
  received(): string;
  /** The status of every answer that has come back. */
  statuses(): number[];
  /** Waits until so many answers have come back, and closes. */
  answers(count: number): Promise<number[]>;
  /** Waits until the server closes. */
  closed(): Promise<number[]>;
  /** Says that nothing more comes, and waits until the server closes. */
  finish(): Promise<number[]>;
};

/** Connects to a server, and writes bytes as they are. */
export function openRaw(url: string, ...pieces: (string | Uint8Array)[]): RawConnection {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  let received = '';
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.setEncoding('latin1').on('data', (text: string) => {
    received += text;
  });
  // The server may close with bytes unread.
  socket.on('error', () => {});
  for (const piece of pieces) socket.write(piece);

  const statuses = (): number[] => [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  return {
    socket,
    received: () => received,
    statuses,
    async answers(count) {
      await until(() => statuses().length >= count || socket.destroyed, `${count} answers`);
      socket.destroy();
      return statuses();
    },
    async closed() {
      await closed;
      return statuses();
    },
    async finish() {
      socket.end();
      await closed;
      return statuses();
    },
  };
}
