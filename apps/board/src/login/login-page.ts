import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { FAILED, FOREIGN_FORM } from '../page/desk-fault.ts';
import type { Html } from '../page/html.ts';
import { html } from '../page/html.ts';
import { isSameOrigin } from '../page/same-origin.ts';
import type { Site } from '../page/site.ts';
import { LOGIN_PATH, LOGOUT_PATH, OVERVIEW_PATH } from '../paths.ts';
import type { CheckLogin } from './check-login.ts';
import { limitReason } from './check-login.ts';
import type { Sessions } from './sessions.ts';

type Options = { check: CheckLogin; sessions: Sessions; site: Site; boardUrl: string | undefined };

/** Adds the page that begins a session, and the form that ends one. */
export async function mountLoginPage(
  app: FastifyInstance,
  { check, sessions, site, boardUrl }: Options,
): Promise<void> {
  const show = (request: FastifyRequest, reply: FastifyReply, next: string, fault?: string): FastifyReply =>
    site.showAlone(reply, 'Log in', loginContent({ next, fault, field: site.forms.field(request, reply), site }));

  await site.mount(app, FAILED, (pages) => {
    pages.get<{ Querystring: { next?: unknown } }>(LOGIN_PATH, async (request, reply) => {
      const next = pathIn(request.query.next);
      if (await sessions.isOpen(request)) return site.redirect(reply, next);
      return show(request, reply, next);
    });

    pages.post(LOGIN_PATH, async (request, reply) => {
      const fields = site.forms.read(request);
      if (!fields) return site.showFault(reply, FOREIGN_FORM);
      const next = pathIn(fields.get('next'));
      const given = { user: fields.get('user') ?? '', password: fields.get('password') ?? '' };
      const login = await check(request, given);
      switch (login.outcome) {
        case 'accepted':
          await sessions.begin(reply, given.user);
          return site.redirect(reply, next);
        case 'wrong':
          return show(request, reply.code(401), next, 'Wrong user or password');
        case 'limited': {
          void reply.code(429).header('retry-after', login.retryAfterS);
          return show(request, reply, next, `There were ${limitReason(login)}`);
        }
      }
    });

    pages.post(LOGOUT_PATH, async (request, reply) => {
      if (!isSameOrigin(request, boardUrl)) return site.showFault(reply, FOREIGN_FORM);
      await sessions.end(request, reply);
      return site.redirect(reply, LOGIN_PATH);
    });
  });
}

/** Where to go after the login: a path of the board and nothing else. */
function pathIn(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])[\w/?&=%.~-]*$/.test(next) ? next : OVERVIEW_PATH;
}

type LoginPage = { next: string; fault: string | undefined; field: Html; site: Site };

function loginContent({ next, fault, field, site }: LoginPage): Html {
  return html`<div class="login">
    <h1>xero-webhooks</h1>
    ${fault && html`<p class="notice fault" role="alert">${fault}.</p>`}
    <form method="post" action="${site.link(LOGIN_PATH)}">
      ${field}<input type="hidden" name="next" value="${next}" />
      <label>User <input type="text" name="user" autocomplete="username" required autofocus /></label>
      <label>Password <input type="password" name="password" autocomplete="current-password" required /></label>
      <button type="submit" class="primary">Log in</button>
    </form>
    <p class="hint">
      The user is <code>BOARD_USER</code>, by default admin; the password is <code>BOARD_PASSWORD</code>, or what
      <code>xw dev</code> printed.
    </p>
  </div>`;
}
