import { testClient, testPrefix } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { BOARD_LOGIN, startBoard } from './support/system.ts';

const HTML = { accept: 'text/html' };
const OURS = { 'sec-fetch-site': 'same-origin' };

/** Somebody with a browser who has not logged in. */
function browserAt(url: string) {
  const cookies = new Map<string, string>();
  const attributes = new Map<string, string>();
  async function visit(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(`${url}${path}`, {
      ...init,
      headers: { ...HTML, cookie, ...(init.headers as Record<string, string>) },
      redirect: 'manual',
    });
    for (const line of answer.headers.getSetCookie()) {
      const [, name, value, rest] = /^([^=]+)=([^;]*)(.*)$/.exec(line)!;
      attributes.set(name!, rest!);
      if (rest!.includes('Max-Age=0')) cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    return answer;
  }
  return {
    cookies,
    attributes,
    visit,
    async logIn({ user, password } = BOARD_LOGIN, next = '/', headers: Record<string, string> = OURS) {
      const page = await (await visit('/login')).text();
      const [, formToken = ''] = /name="formToken" value="([^"]+)"/.exec(page) ?? [];
      return visit('/login', {
        method: 'POST',
        body: new URLSearchParams({ user, password, next, formToken }),
        headers,
      });
    },
  };
}

describe('a session at the board', () => {
  it('begins on the login page, leads to the page that was asked for, and ends when somebody logs out', async () => {
    const { url } = await startBoard(testPrefix());
    const { visit, logIn, cookies, attributes } = browserAt(url);
    const asked = await visit('/events?state=dead');
    expect([asked.status, asked.headers.get('location')]).toEqual([303, '/login?next=%2Fevents%3Fstate%3Ddead']);
    expect(asked.headers.get('www-authenticate')).toBeNull();
    const done = await logIn(BOARD_LOGIN, '/events?state=dead');
    expect([done.status, done.headers.get('location')]).toEqual([303, '/events?state=dead']);
    expect(attributes.get('xw-session')).toMatch(/; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    expect((await visit('/events?state=dead')).status).toBe(200);
    expect((await visit('/queues')).status).toBe(200);

    const token = cookies.get('xw-session')!;
    expect((await visit('/logout', { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
    expect((await visit('/events')).status).toBe(200);
    expect((await visit('/logout', { method: 'POST', headers: OURS })).headers.get('location')).toBe('/login');
    expect(cookies.has('xw-session')).toBe(false);
    cookies.set('xw-session', token);
    expect((await visit('/events')).status).toBe(303);
  });

  it('is needed for everything but the login page, its assets and /healthz', async () => {
    const { url } = await startBoard(testPrefix());
    const open = ['/login', '/page/style.css', '/page/script.js', '/page/icon.svg', '/healthz'];
    for (const path of open) expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 200]);
    const closed = ['/', '/live', '/events', '/events/live', '/failed', '/quarantine', '/handlers', '/connect'];
    for (const path of [...closed, '/queues', '/queues/api/queues', '/queues/static/images/logo.svg', '/nothing']) {
      expect([path, (await fetch(`${url}${path}`)).status]).toEqual([path, 401]);
      expect([path, (await fetch(`${url}${path}`, { method: 'POST', headers: OURS })).status]).toEqual([path, 401]);
      expect([path, (await fetch(`${url}${path}`, { headers: HTML, redirect: 'manual' })).status]).toEqual([path, 303]);
    }
    for (const cookie of [
      'xw-session=',
      `xw-session=${'A'.repeat(43)}`,
      'xw-session=../*',
      'xw-session=a; xw-session=b',
    ]) {
      expect((await fetch(`${url}/events`, { headers: { cookie } })).status).toBe(401);
    }
  });

  it('ends on all boards when the password changes, and is known to another board of the system', async () => {
    const prefix = testPrefix();
    const first = await startBoard(prefix);
    const { logIn, cookies } = browserAt(first.url);
    await logIn();
    const cookie = `xw-session=${cookies.get('xw-session')}`;
    const second = await startBoard(prefix);
    expect((await fetch(`${second.url}/events`, { headers: { cookie } })).status).toBe(200);
    const changed = await startBoard(prefix, { BOARD_PASSWORD: 'another one' });
    expect((await fetch(`${changed.url}/events`, { headers: { cookie } })).status).toBe(401);
  });

  it('is a random token of which Redis has only a hash, and ends by itself', async () => {
    const prefix = testPrefix();
    const { url } = await startBoard(prefix);
    const { logIn, cookies, visit } = browserAt(url);
    await logIn();
    const client = testClient();
    const [key, ...others] = await client.keys(`${prefix}:{board}:session-*`);
    expect(others).toEqual([]);
    expect(key).not.toContain(cookies.get('xw-session'));
    expect(await client.get(key!)).not.toMatch(new RegExp(`${cookies.get('xw-session')}|${BOARD_LOGIN.password}`));
    expect(await client.ttl(key!)).toBeGreaterThan(0);
    await client.del(key!);
    expect((await visit('/events')).status).toBe(303);
  });

  it.each([['//evil.example/'], ['/\\evil.example'], ['https://evil.example/'], ['/a\r\nset-cookie: x=1'], ['']])(
    'does not lead out of the board after the login: %j',
    async (next) => {
      const { url } = await startBoard(testPrefix());
      expect((await browserAt(url).logIn(BOARD_LOGIN, next)).headers.get('location')).toBe('/');
    },
  );

  it('is refused for a wrong password, for too many of them, and for a form of another site', async () => {
    const { url } = await startBoard(testPrefix());
    const { logIn, cookies } = browserAt(url);
    const foreign = await logIn(BOARD_LOGIN, '/', { 'sec-fetch-site': 'cross-site' });
    expect(foreign.status).toBe(403);
    const wrong = { user: BOARD_LOGIN.user, password: 'a wrong one' };
    const answer = await logIn(wrong);
    expect(answer.status).toBe(401);
    expect(await answer.text()).toContain('Wrong user or password.');
    for (let turn = 1; turn < 10; turn++) expect((await logIn(wrong)).status).toBe(401);
    const limited = await logIn();
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect(await limited.text()).toMatch(/There were too many wrong passwords from your address: try again in \d+ sec/);
    expect(cookies.has('xw-session')).toBe(false);
  });
});
