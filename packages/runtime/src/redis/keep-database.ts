import type { Redis } from 'ioredis';

/**
 * Keeps a client, and every copy that is made of it, out of any database but its own. Where Redis refuses `SELECT`,
 * ioredis emits an error and goes on, in database 0: here it emits the error, closes the connection and tries again, and
 * no command is ever sent over it.
 */
export function keepDatabase(client: Redis): void {
  const select = client.select.bind(client);
  client.select = async (database) => {
    try {
      return await select(database);
    } catch (error) {
      // Who is not logged in gets no further than this anyway: what was wrong with the login is the cause.
      if (!client.options.db || isAboutLogin(error) || client.status !== 'connect') throw error;
      client.silentEmit('error', error);
      client.disconnect(true);
      // The handshake waits for this before it lets commands pass.
      return new Promise<never>(() => {});
    }
  };
}

function isAboutLogin(error: unknown): boolean {
  return error instanceof Error && /^(?:NOAUTH|WRONGPASS)\b/.test(error.message);
}
