import { once } from 'node:events';
import { connect } from 'node:net';

/** A connection that carries one request at a time. */
export type Connection = {
  /** Sends raw bytes and waits for the answer. @throws Error if it is not 200 */
  send(request: Buffer): Promise<void>;
  /** False once closed: receivers close connections that are idle for some seconds. */
  readonly usable: boolean;
  close(): void;
};

/** As little code as possible: the sender shares the processor with what it measures. */
export async function openConnection(port: number): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let waiting: PromiseWithResolvers<void> | undefined;
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    answer += text;
    // Both receivers answer without a body.
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
