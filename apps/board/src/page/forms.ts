import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { equal } from '../equal.ts';
import type { Cookies } from './cookies.ts';
import { readCookie } from './cookies.ts';
import type { Html } from './html.ts';
import { html } from './html.ts';
import { isSameOrigin } from './same-origin.ts';

/** Holds the token that the board's forms repeat: a page of another site can neither read nor send it. */
const TOKEN_COOKIE = 'xw-form';
const TOKEN_FIELD = 'formToken';

/** Protects forms that change something against requests from other sites. */
export type Forms = {
  /** Sets the cookie, and returns the hidden field to put into each form of the page. */
  field(request: FastifyRequest, reply: FastifyReply): Html;
  /** The fields that were sent, or `undefined` unless one of the board's own pages sent them: then refuse. */
  read(request: FastifyRequest): URLSearchParams | undefined;
};

export function createForms(cookies: Cookies, boardUrl: string | undefined): Forms {
  return {
    field(request, reply) {
      const given = readCookie(request, TOKEN_COOKIE);
      const value = given !== undefined && /^[\w-]{43}$/.test(given) ? given : randomBytes(32).toString('base64url');
      cookies.set(reply, { name: TOKEN_COOKIE, value, sameSite: 'Strict' });
      return html`<input type="hidden" name="${TOKEN_FIELD}" value="${value}" />`;
    },
    read(request) {
      const fields = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
      const expected = readCookie(request, TOKEN_COOKIE);
      const isOurs = expected !== undefined && equal(fields.get(TOKEN_FIELD) ?? '', expected);
      return isOurs && isSameOrigin(request, boardUrl) ? fields : undefined;
    },
  };
}
