import type { Log, Metrics } from '@xero-webhooks/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { equal } from '../equal.ts';
import type { LoginOutcome } from './login-limit.ts';
import { createLoginLimit } from './login-limit.ts';
import { createObserveLogins } from './observe-logins.ts';

/** Judges user and password, within the limits of wrong ones. */
export type CheckLogin = (
  request: FastifyRequest,
  given: { readonly user: string; readonly password: string },
) => Promise<LoginOutcome>;

type Options = { user: string; password: string; log: Log; metrics: Metrics };

export async function createCheckLogin(
  app: FastifyInstance,
  { user, password, log, metrics }: Options,
): Promise<CheckLogin> {
  const limit = await createLoginLimit(app);
  const observe = createObserveLogins(log, metrics);
  return async (request, given) => {
    // Both are compared, whatever the first comparison said.
    const matches = [equal(given.user, user), equal(given.password, password)];
    const login = await limit(request, !matches.includes(false));
    observe(login);
    return login;
  };
}

/** What somebody is told whom a limit refuses. */
export function limitReason(login: Extract<LoginOutcome, { outcome: 'limited' }>): string {
  const whose = login.limit === 'address' ? ' from your address' : '';
  return `too many wrong passwords${whose}: try again in ${login.retryAfterS} seconds`;
}
