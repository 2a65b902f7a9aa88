import { once } from 'node:events';
import { connect } from 'node:net';

/** A connection that carries one request at a time. */
export type Connection = {
  /** Sends a request as it is, and waits for the answer. @throws Error where that is not 200 */
  send(request: Buffer): Promise<void>;
  /** Whether it can carry another: a receiver closes what has been idle for some seconds. */
  readonly usable: boolean;
  close(): void;
};

/** Opens a connection to a receiver. It does no more than it must: what it takes is taken from who is measured. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let waiting: PromiseWithResolvers<void> | undefined;
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    answer += text;
    // Both answer without a body.
    if (!answer.endsWith('\r\n\r\n')) return;
    const [line] = answer.split('\r\n', 1);
    answer = '';
    if (line!.startsWith('HTTP/1.1 200')) waiting?.resolve();
    else waiting?.reject(new Error(`the receiver answered ${line}`));
  });
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('close', () => waiting?.reject(new Error('the receiver closed the connection')));
  return {
    get usable() {
      return socket.writable;
    },
    send(request) {
      waiting = Promise.withResolvers();
      socket.write(request);
      return waiting.promise;
    },
    close: () => void socket.destroy(),
  };
}
