import type { FastifyReply, FastifyRequest } from 'fastify';

export type CookieOptions = {
  readonly name: string;
  readonly value: string;
  /** Below the base path. @defaultValue all pages of the board */
  readonly path?: string;
  /** `Lax`: sent when a link on another site leads here. `Strict`: not sent then. */
  readonly sameSite: 'Lax' | 'Strict';
  /** In seconds; 0 removes the cookie. @defaultValue until the browser is closed */
  readonly maxAge?: number;
};

/** Sets the board's cookies. Scripts cannot read them. */
export type Cookies = { set(reply: FastifyReply, options: CookieOptions): void };

/** @param secure whether browsers reach the board over HTTPS only */
export function createCookies(basePath: string, secure: boolean): Cookies {
  return {
    set(reply, { name, value, path = '', sameSite, maxAge }) {
      const parts = [
        `${name}=${value}`,
        `Path=${`${basePath}${path}` || '/'}`,
        'HttpOnly',
        `SameSite=${sameSite}`,
        ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
        ...(secure ? ['Secure'] : []),
      ];
      void reply.header('set-cookie', parts.join('; '));
    },
  };
}

/** A cookie's value, if the request has it. */
export function readCookie({ headers }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
