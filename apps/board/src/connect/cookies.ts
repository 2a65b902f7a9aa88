import type { FastifyRequest } from 'fastify';

/** How a cookie is set. Scripts never see it. */
export type CookieWords = {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** `Lax`: it comes along when a link elsewhere leads here. `Strict`: it does not. */
  readonly sameSite: 'Lax' | 'Strict';
  /** In seconds; 0 removes it. @defaultValue as long as the browser is open */
  readonly maxAge?: number;
  readonly secure: boolean;
};

/** Reads a cookie of a request. */
export function readCookie({ headers }: FastifyRequest, name: string): string | undefined {
  const pairs = (headers.cookie ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The header that sets a cookie. */
export function cookie({ name, value, path, sameSite, maxAge, secure }: CookieWords): string {
  return [
    `${name}=${value}`,
    `Path=${path}`,
    'HttpOnly',
    `SameSite=${sameSite}`,
    ...(maxAge === undefined ? [] : [`Max-Age=${maxAge}`]),
    ...(secure ? ['Secure'] : []),
  ].join('; ');
}
