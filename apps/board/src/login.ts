import basicAuth from '@fastify/basic-auth';
import type { FastifyInstance } from 'fastify';
import { equal } from './equal.ts';

type Login = { user: string; password: string };

/** Puts a login before every route that is registered on the instance afterwards. */
export async function requireLogin(app: FastifyInstance, { user, password }: Login): Promise<void> {
  await app.register(basicAuth, {
    authenticate: { realm: 'xero-webhooks' },
    // Both are compared, whatever the first comparison said.
    validate: async (givenUser, givenPassword) => {
      const matches = [equal(givenUser, user), equal(givenPassword, password)];
      if (matches.includes(false)) return new Error('Wrong user or password');
      return undefined;
    },
  });
  app.addHook('onRequest', app.basicAuth);
}
