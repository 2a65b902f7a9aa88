import { basicAuthorization } from './system.ts';

/** An answer, with where it leads to taken apart. */
export type Visited = {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
  readonly headers: Headers;
};

/** Somebody at the board without JavaScript: logged in, with a jar of cookies, and never following a redirect. */
export type Visitor = {
  get(address: string, headers?: Record<string, string>): Promise<Visited>;
  /** Sends a form as a page of the board's own would, unless the headers say otherwise. */
  post(address: string, form: Record<string, string>, headers?: Record<string, string>): Promise<Visited>;
  readonly cookies: Map<string, string>;
};

const authorization = basicAuthorization();

/** @param url the board's */
export function visitor(url: string): Visitor {
  const cookies = new Map<string, string>();

  async function visit(address: string, init: RequestInit): Promise<Visited> {
    const isBoard = address.startsWith('/') || address.startsWith(url);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const own = isBoard ? { authorization, cookie } : {};
    const answer = await fetch(isBoard ? new URL(address, url) : address, {
      ...init,
      headers: { ...own, ...(init.headers as Record<string, string>) },
      redirect: 'manual',
    });
    for (const line of isBoard ? answer.headers.getSetCookie() : []) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (line.includes('Max-Age=0')) cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    const { status, headers } = answer;
    return { status, headers, text: await answer.text(), location: headers.get('location') ?? undefined };
  }

  return {
    cookies,
    get: (address, headers = {}) => visit(address, { headers }),
    post: (address, form, headers = { 'sec-fetch-site': 'same-origin' }) =>
      visit(address, { method: 'POST', body: new URLSearchParams(form), headers }),
  };
}
