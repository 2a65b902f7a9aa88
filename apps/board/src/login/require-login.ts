import basicAuth from '@fastify/basic-auth';
import { CodedError } from '@xero-webhooks/runtime';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Site } from '../page/site.ts';
import { LOGIN_PATH } from '../paths.ts';
import type { CheckLogin } from './check-login.ts';
import { limitReason } from './check-login.ts';
import type { Sessions } from './sessions.ts';

type Options = { check: CheckLogin; sessions: Sessions; site: Site };

/**
 * Puts a login before every route that is registered on the instance afterwards. Browsers have a session, or are led to the
 * login page; scripts send user and password with each request. Too many wrong passwords get 429 with `Retry-After`, and so
 * does a right one then.
 */
export async function requireLogin(app: FastifyInstance, { check, sessions, site }: Options): Promise<void> {
  await app.register(basicAuth, {
    // No challenge: it would open the browser's own box.
    authenticate: false,
    validate: async (user, password, request, reply) => {
      const login = await check(request, { user, password });
      switch (login.outcome) {
        case 'accepted':
          return undefined;
        case 'wrong':
          return new Error('Wrong user or password');
        case 'limited': {
          void reply.header('retry-after', login.retryAfterS);
          return Object.assign(new CodedError('XW_BOARD_LOGINS', limitReason(login)), { statusCode: 429 });
        }
      }
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== undefined) return checkHeader(app, request, reply);
    if (await sessions.isOpen(request)) return undefined;
    const isPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (isPage) return site.redirect(reply, LOGIN_PATH, { next: request.url });
    return reply.code(401).header('cache-control', 'no-store').send({ statusCode: 401, error: 'Unauthorized' });
  });
}

function checkHeader(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  return new Promise((resolve, reject) => {
    app.basicAuth(request, reply, (error?: Error) => (error ? reject(error) : resolve()));
  });
}
