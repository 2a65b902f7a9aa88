import { createHash, randomBytes, scryptSync } from 'node:crypto';
import type { RedisClient } from '@xero-webhooks/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { equal } from '../equal.ts';
import type { Cookies } from '../page/cookies.ts';
import { readCookie } from '../page/cookies.ts';

/** Who has logged in, in Redis: every board of the system knows it, and each can end it. */
export type Sessions = {
  /** Begins a session for a browser. */
  begin(reply: FastifyReply, user: string): Promise<void>;
  /** Whether a request has a session that has not ended. */
  isOpen(request: FastifyRequest): Promise<boolean>;
  /** Ends the session of a request. */
  end(request: FastifyRequest, reply: FastifyReply): Promise<void>;
};

type Options = { client: RedisClient; prefix: string; cookies: Cookies; password: string };

const COOKIE = 'xw-session';

/** A session ends when it was not used for so long, and at the latest after this from its beginning; in seconds. */
const IDLE_S = 12 * 3_600;
const LONGEST_S = 7 * 86_400;

const TOKEN = /^[\w-]{43}$/;

type Stored = { readonly startedAt: number; readonly mark: string };

/**
 * Sessions of the board's login. The browser has a random token, Redis only its hash. Another BOARD_PASSWORD ends all of
 * them: each has a mark of the password that it was begun with.
 */
export function createSessions({ client, prefix, cookies, password }: Options): Sessions {
  const mark = scryptSync(password, `xw-board ${prefix}`, 32).toString('base64url');
  const keyOf = (token: string): string =>
    `${prefix}:{board}:session-${createHash('sha256').update(token).digest('base64url')}`;
  const tokenOf = (request: FastifyRequest): string | undefined => {
    const token = readCookie(request, COOKIE);
    return token !== undefined && TOKEN.test(token) ? token : undefined;
  };

  return {
    async begin(reply, user) {
      const token = randomBytes(32).toString('base64url');
      const stored: Stored & { user: string } = { user, startedAt: Date.now(), mark };
      await client.set(keyOf(token), JSON.stringify(stored), 'EX', IDLE_S);
      // Lax: a link in a mail or a chat leads to the page and not to the login. Changes are only made by POST.
      cookies.set(reply, { name: COOKIE, value: token, sameSite: 'Lax', maxAge: LONGEST_S });
    },
    async isOpen(request) {
      const token = tokenOf(request);
      if (token === undefined) return false;
      const text = await client.get(keyOf(token));
      if (text === null) return false;
      const stored = JSON.parse(text) as Stored;
      const leftS = LONGEST_S - (Date.now() - stored.startedAt) / 1_000;
      if (leftS <= 0 || !equal(stored.mark, mark)) return false;
      await client.expire(keyOf(token), Math.ceil(Math.min(IDLE_S, leftS)));
      return true;
    },
    async end(request, reply) {
      const token = tokenOf(request);
      if (token !== undefined) await client.del(keyOf(token));
      cookies.set(reply, { name: COOKIE, value: '', sameSite: 'Lax', maxAge: 0 });
    },
  };
}
