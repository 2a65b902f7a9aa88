import basicAuth from '@fastify/basic-auth';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { CodedError } from '@xero-webhooks/runtime';
import type { FastifyInstance } from 'fastify';
import { equal } from './equal.ts';
import { createLoginLimit } from './login-limit.ts';
import { createObserveLogins } from './observe-logins.ts';

type Login = { user: string; password: string; log: Log; metrics: Metrics };

/**
 * Puts a login before every route that is registered on the instance afterwards. Too many wrong passwords get 429 with
 * `Retry-After`, and so does a right one then.
 */
export async function requireLogin(app: FastifyInstance, { user, password, log, metrics }: Login): Promise<void> {
  const limit = await createLoginLimit(app);
  const observe = createObserveLogins(log, metrics);
  await app.register(basicAuth, {
    authenticate: { realm: 'xero-webhooks' },
    validate: async (givenUser, givenPassword, request, reply) => {
      // Both are compared, whatever the first comparison said.
      const matches = [equal(givenUser, user), equal(givenPassword, password)];
      const login = await limit(request, !matches.includes(false));
      observe(login);
      switch (login.outcome) {
        case 'accepted':
          return undefined;
        case 'wrong':
          return new Error('Wrong user or password');
        case 'limited': {
          void reply.header('retry-after', login.retryAfterS);
          const reason = `too many wrong passwords${login.limit === 'address' ? ' from your address' : ''}`;
          const fault = new CodedError('XW_BOARD_LOGINS', `${reason}: try again in ${login.retryAfterS} seconds`);
          return Object.assign(fault, { statusCode: 429 });
        }
      }
    },
  });
  app.addHook('onRequest', app.basicAuth);
}
