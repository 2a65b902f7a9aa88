import type { Connection } from './connection.ts';
import { openConnection } from './connection.ts';
import type { SignedRequest } from './signed-requests.ts';

/** Connections to a receiver, opened when they are needed. Disposing of them closes those that are free. */
export type Connections = Disposable & {
  /** Sends a request and waits for the answer. @throws Error if it is not 200 */
  send(event: SignedRequest): Promise<void>;
};

export function connectionsTo(port: number): Connections {
  const free: Connection[] = [];
  return {
    async send({ request }) {
      let connection = free.pop();
      while (connection?.usable === false) connection = free.pop();
      connection ??= await openConnection(port);
      await connection.send(request);
      free.push(connection);
    },
    [Symbol.dispose]() {
      for (const connection of free) connection.close();
    },
  };
}
