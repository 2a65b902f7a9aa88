import type { FakeXero } from '@xero-webhooks/fake-xero';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeWithBrowser, logInAt, openBrowser } from './support/browser.ts';
import { testClient, testPrefix } from '@xero-webhooks/testing';
import { startBoard } from './support/system.ts';
import type { Visited, Visitor } from './support/visitor.ts';
import { visitor } from './support/visitor.ts';

const KEY = Buffer.alloc(32, 'a key').toString('base64');

type Environment = Record<string, string>;

async function fakeXero(): Promise<FakeXero> {
  const organisations = [
    { tenantId: '11111111-1111-4111-a111-111111111111', name: 'Demo & <b>Sons</b>' },
    { tenantId: '22222222-2222-4222-a222-222222222222', name: 'Second Company' },
  ];
  const xero = await startFakeXero({ organisations });
  onTestFinished(xero.stop);
  return xero;
}

async function boardWith(xero: FakeXero, environment: Environment = {}, prefix = testPrefix()) {
  const board = await startBoard(prefix, { ...xero.environment, TOKEN_ENCRYPTION_KEY: KEY, ...environment });
  return { xero, prefix, board, url: board.url, guest: visitor(board.url) };
}

/** Goes from the board to Xero, and returns the address that Xero sends the user back to. */
async function authorise(guest: Visitor): Promise<string> {
  const start = await guest.get('/connect/start');
  expect(start.status).toBe(302);
  const back = await guest.get(start.location!);
  expect(back.status).toBe(302);
  return back.location!;
}

/** Connects everything that the fake's user may connect. */
async function connect(guest: Visitor): Promise<Visited> {
  const done = await guest.get(await authorise(guest));
  expect([done.status, done.location]).toEqual([303, '/connect?notice=connected']);
  return guest.get(done.location!);
}

/** What the button beside an organisation would send. */
function formOf({ text }: Visited, tenantId: string): Record<string, string> {
  const [, formToken] = /name="formToken" value="([^"]+)"/.exec(text)!;
  return { tenantId, formToken: formToken! };
}

function expectFault({ status, text }: Visited, expected: number, code: string): void {
  expect([status, /<code>(XW_\w+)<\/code>/.exec(text)?.[1]]).toEqual([expected, code]);
  expect(text).toContain(`docs/errors.md#${code.toLowerCase()}`);
}

const callsOf = (xero: FakeXero, path: string): number => xero.calls().filter((call) => call.path === path).length;

describe('the connect page', () => {
  it('connects organisations, lists them, and disconnects them one by one', async () => {
    const { xero, guest, prefix, board } = await boardWith(await fakeXero());
    const [first, second] = xero.organisations.map(({ tenantId }) => tenantId) as [string, string];
    expect((await guest.get('/connect')).text).toContain('No organisation is connected.');

    const page = await connect(guest);
    expect(page.status).toBe(200);
    for (const text of ['Demo &amp; &lt;b&gt;Sons&lt;/b&gt;', 'Second Company', first, second, '>live<']) {
      expect(page.text).toContain(text);
    }
    expect(page.text).not.toContain('<b>');
    expect(page.headers.get('cache-control')).toBe('no-store');

    const done = await guest.post('/connect/disconnect', formOf(page, first));
    expect([done.status, done.location]).toEqual([303, '/connect?notice=disconnected']);
    const left = await guest.get('/connect');
    expect(left.text).not.toContain(first);
    expect(left.text).toContain(second);
    expect(callsOf(xero, '/connect/revocation')).toBe(0);

    await guest.post('/connect/disconnect', formOf(left, second));
    expect(callsOf(xero, '/connect/revocation')).toBe(1);
    expect((await guest.get('/connect')).text).toContain('No organisation is connected.');
    const again = await guest.post('/connect/disconnect', formOf(left, second));
    expect(again.location).toBe('/connect?notice=absent');
    // Whoever disconnects lets go of the grant after the answer.
    await expect.poll(() => testClient().keys(`${prefix}:*grant*`), { timeout: 5_000 }).toEqual([]);
    expect(JSON.stringify(board.lines)).not.toMatch(/state=|code=|eyJ/);
  });

  it('shows nothing to somebody without the login', async () => {
    const { url } = await boardWith(await fakeXero());
    for (const path of ['/connect', '/connect/start', '/connect/callback']) {
      expect((await fetch(`${url}${path}`, { redirect: 'manual' })).status).toBe(401);
    }
    expect((await fetch(`${url}/connect/disconnect`, { method: 'POST' })).status).toBe(401);
  });

  it('keeps nothing in Redis that is secret, before and after', async () => {
    const { guest, prefix } = await boardWith(await fakeXero());
    const client = testClient();
    const start = await guest.get('/connect/start');
    const query = new URL(start.location!).searchParams;
    expect(query.get('code_challenge_method')).toBe('S256');
    const [pending] = await client.keys(`${prefix}:xero:connect-*`);
    const record = (await client.get(pending!))!;
    expect(record).toMatch(/^v1\./);
    expect(pending! + record).not.toContain(query.get('state')!);
    expect(await client.ttl(pending!)).toBeGreaterThan(500);
  });

  it('sends the user back to BOARD_URL, and gives cookies for HTTPS alone where that is HTTPS', async () => {
    const { guest } = await boardWith(await fakeXero(), { BOARD_URL: 'https://board.example' });
    const start = await guest.get('/connect/start');
    expect(new URL(start.location!).searchParams.get('redirect_uri')).toBe('https://board.example/connect/callback');
    expect(start.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax; Max-Age=600; Secure$/);
    expect((await guest.get('/connect')).headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict; Secure$/);
  });
});

describe('behind a proxy, without BOARD_URL', () => {
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'board.example' };
  const redirectUri = ({ location }: Visited): string | null => new URL(location!).searchParams.get('redirect_uri');

  it('the connect page sends the user back to where a trusted proxy says that the board is', async () => {
    const { guest } = await boardWith(await fakeXero(), { BOARD_TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' });
    expect(redirectUri(await guest.get('/connect/start', forwarded))).toBe('https://board.example/connect/callback');
  });

  it('the connect page believes nobody else', async () => {
    for (const environment of [{}, { BOARD_TRUSTED_PROXIES: '10.0.0.0/8' }] as Environment[]) {
      const { guest, url } = await boardWith(await fakeXero(), environment);
      expect(redirectUri(await guest.get('/connect/start', forwarded))).toBe(`${url}/connect/callback`);
    }
  });
});

describe('an authorisation', () => {
  it('works once', async () => {
    const { guest } = await boardWith(await fakeXero());
    const back = await authorise(guest);
    const cookies = [...guest.cookies];
    expect((await guest.get(back)).status).toBe(303);
    expectFault(await guest.get(back), 400, 'XW_CONNECT_STATE');
    for (const [name, value] of cookies) guest.cookies.set(name, value);
    expectFault(await guest.get(back), 400, 'XW_CONNECT_STATE');
  });

  it('is refused in another browser, with another state, and with none', async () => {
    const { guest, url, xero } = await boardWith(await fakeXero());
    const back = new URL(await authorise(guest));
    expectFault(await visitor(url).get(back.href), 400, 'XW_CONNECT_STATE');
    const forged = new URL(back);
    forged.searchParams.set('state', 'forged');
    expectFault(await guest.get(forged.href), 400, 'XW_CONNECT_STATE');
    forged.searchParams.delete('state');
    expectFault(await guest.get(forged.href), 400, 'XW_CONNECT_STATE');
    expect(callsOf(xero, '/connect/token')).toBe(0);
  });

  it('is refused where its ten minutes are over', async () => {
    const { guest, prefix } = await boardWith(await fakeXero());
    const back = await authorise(guest);
    const client = testClient();
    await client.del(...(await client.keys(`${prefix}:xero:connect-*`)));
    expectFault(await guest.get(back), 400, 'XW_CONNECT_STATE');
  });

  it('that the user denies connects nothing', async () => {
    const { guest, xero } = await boardWith(await fakeXero());
    xero.setConsent({ denied: true });
    expectFault(await guest.get(await authorise(guest)), 400, 'XW_CONNECT_DENIED');
    expect((await guest.get('/connect')).text).toContain('No organisation is connected.');
  });

  it('without an organisation connects nothing, and is taken back', async () => {
    const { guest, xero, prefix } = await boardWith(await fakeXero());
    xero.setConsent({ tenantIds: [] });
    expectFault(await guest.get(await authorise(guest)), 400, 'XW_CONNECT_NOTHING');
    expect(callsOf(xero, '/connect/revocation')).toBe(1);
    expect(await testClient().keys(`${prefix}:*grant*`)).toEqual([]);
  });

  it('whose code Xero does not take says so, and nothing of the code', async () => {
    const { guest, board } = await boardWith(await fakeXero());
    const back = new URL(await authorise(guest));
    back.searchParams.set('code', 'a-made-up-code');
    const page = await guest.get(back.href);
    expectFault(page, 400, 'XW_CONNECT_REFUSED');
    expect(page.text + JSON.stringify(board.lines)).not.toContain('a-made-up-code');
  });

  it.each(['/connect/token', '/connections'])(
    'fails where Xero does not answer at %s, and works the next time',
    async (path) => {
      const { guest, xero } = await boardWith(await fakeXero());
      const back = await authorise(guest);
      xero.addFault({ kind: 'status', status: 503, on: { path } });
      expectFault(await guest.get(back), 502, 'XW_CONNECT_UNAVAILABLE');
      expect((await guest.get('/connect')).text).toContain('No organisation is connected.');
      await connect(guest);
    },
  );

  it('fails where Xero does not know the app', async () => {
    const { guest, board } = await boardWith(await fakeXero(), { XERO_CLIENT_SECRET: 'a-wrong-secret' });
    const page = await guest.get(await authorise(guest));
    expectFault(page, 502, 'XW_XERO_CLIENT_REFUSED');
    expect(page.text + JSON.stringify(board.lines)).not.toContain('a-wrong-secret');
  });

  it('works for an app that has no secret', async () => {
    const environment = { XERO_CLIENT_ID: 'demo-pkce-app', XERO_CLIENT_SECRET: '' };
    const { guest } = await boardWith(await fakeXero(), environment);
    expect((await connect(guest)).text).toContain('Second Company');
  });
});

describe('a form that disconnects', () => {
  it.each<[string, Record<string, string>]>([
    ['says that it comes from another site', { 'sec-fetch-site': 'cross-site' }],
    ['says that it comes from a neighbour', { 'sec-fetch-site': 'same-site' }],
    ['has another origin', { origin: 'http://evil.example' }],
    ['hides its origin', { origin: 'null' }],
    ['says nothing of its origin', {}],
  ])('is refused where it %s', async (_what, headers) => {
    const { guest, xero } = await boardWith(await fakeXero());
    const page = await connect(guest);
    const { tenantId } = xero.organisations[0]!;
    expectFault(await guest.post('/connect/disconnect', formOf(page, tenantId), headers), 403, 'XW_CONNECT_FOREIGN');
    expect((await guest.get('/connect')).text).toContain(tenantId);
  });

  it('is refused without the cookie, or with the text of another one', async () => {
    const { guest, xero } = await boardWith(await fakeXero());
    const { tenantId } = xero.organisations[0]!;
    const form = formOf(await connect(guest), tenantId);
    expectFault(await guest.post('/connect/disconnect', { tenantId }), 403, 'XW_CONNECT_FOREIGN');
    expectFault(await guest.post('/connect/disconnect', { ...form, formToken: 'x' }), 403, 'XW_CONNECT_FOREIGN');
    guest.cookies.clear();
    expectFault(await guest.post('/connect/disconnect', form), 403, 'XW_CONNECT_FOREIGN');
  });

  it('is taken from the board’s own origin, where browsers do not say more', async () => {
    const xero = await fakeXero();
    const prefix = testPrefix();
    await connect((await boardWith(xero, {}, prefix)).guest);
    const { guest, url } = await boardWith(xero, { BOARD_URL: 'http://board.example:8080' }, prefix);
    const [one, other] = xero.organisations.map(({ tenantId }) => tenantId) as [string, string];
    for (const [tenantId, origin] of [
      [one, url],
      [other, 'http://board.example:8080'],
    ] as const) {
      const form = formOf(await guest.get('/connect'), tenantId);
      const done = await guest.post('/connect/disconnect', form, { origin });
      expect(done.location).toBe('/connect?notice=disconnected');
    }
  });
});

describe('a board that only shows', () => {
  it('lists the organisations, and neither connects nor disconnects', async () => {
    const xero = await fakeXero();
    const prefix = testPrefix();
    const { guest } = await boardWith(xero, {}, prefix);
    const form = formOf(await connect(guest), xero.organisations[0]!.tenantId);
    const { url } = await boardWith(xero, { BOARD_READ_ONLY: 'true' }, prefix);
    const reader = visitor(url);
    const page = await reader.get('/connect');
    expect(page.text).toContain('Second Company');
    expect(page.text).not.toMatch(/\/connect\/(?:start|disconnect)/);
    for (const [name, value] of guest.cookies) reader.cookies.set(name, value);
    expectFault(await reader.get('/connect/start'), 403, 'XW_CONNECT_READ_ONLY');
    expectFault(await reader.get('/connect/callback?code=c&state=s'), 403, 'XW_CONNECT_READ_ONLY');
    expectFault(await reader.post('/connect/disconnect', form), 403, 'XW_CONNECT_READ_ONLY');
    expect((await reader.get('/connect')).text).toContain(form['tenantId']!);
  });
});

describe('a board that cannot connect anything', () => {
  it.each<[string, Environment, RegExp]>([
    ['without any variable of Xero’s', {}, /XERO_CLIENT_ID<\/code>[^]*TOKEN_ENCRYPTION_KEY<\/code>/],
    ['without a client id', { TOKEN_ENCRYPTION_KEY: KEY }, /XERO_CLIENT_ID/],
    ['without a key to encrypt with', { XERO_CLIENT_ID: 'demo-app' }, /TOKEN_ENCRYPTION_KEY/],
    ['for a custom connection', { XERO_CLIENT_ID: 'demo-custom', XERO_CUSTOM_CONNECTION: 'true' }, /custom connection/],
    ['with a fake Xero', { XERO_FAKE_URL: 'http://127.0.0.1:1' }, /fake Xero/],
  ])('says so: %s', async (_what, environment, words) => {
    const { url } = await startBoard(testPrefix(), environment);
    const guest = visitor(url);
    const page = await guest.get('/connect');
    expect(page.text).toMatch(words);
    expect(page.text).not.toMatch(/href="\/connect\/start"/);
    for (const path of ['/connect/start', '/connect/callback']) {
      expect((await guest.get(path)).location).toBe('/connect');
    }
  });
});

describe('a grant that has ended', () => {
  it('shows beside its organisations, until they are connected again', async () => {
    const { guest, prefix } = await boardWith(await fakeXero());
    await connect(guest);
    const client = testClient();
    const [key] = await client.keys(`${prefix}:{grant-*}:set`);
    await client.hset(key!, 'state', 'dead', 'reason', 'invalid_grant');
    expect((await guest.get('/connect')).text).toMatch(/must be connected again: [^<]*invalid_grant/);
    expect((await connect(guest)).text).not.toContain('must be connected again');
  });

  it('is forgotten on request, although Xero cannot be told', async () => {
    const { guest, prefix, xero } = await boardWith(await fakeXero());
    const page = await connect(guest);
    const client = testClient();
    const [key] = await client.keys(`${prefix}:{grant-*}:set`);
    await client.hset(key!, 'state', 'dead', 'reason', 'invalid_grant');
    for (const { tenantId } of xero.organisations) {
      const done = await guest.post('/connect/disconnect', formOf(page, tenantId));
      expect(done.location).toBe('/connect?notice=disconnected-here');
    }
    expect(await client.keys(`${prefix}:*grant*`)).toEqual([]);
  });
});

describe('where something is down, disconnecting', () => {
  it('changes nothing where Xero does not answer, and says so', async () => {
    const { guest, xero } = await boardWith(await fakeXero());
    const page = await connect(guest);
    const { tenantId } = xero.organisations[0]!;
    xero.addFault({ kind: 'status', status: 503, on: { path: '/connections/' } });
    const failed = await guest.post('/connect/disconnect', formOf(page, tenantId));
    expectFault(failed, 502, 'XW_CONNECT_DISCONNECT');
    expect(failed.text).toContain('The organisation is still connected');
    expect((await guest.get('/connect')).text).toContain(tenantId);
  });

  it('is done in a second try where Xero did not revoke in the first', async () => {
    const xero = await fakeXero();
    xero.setConsent({ tenantIds: [xero.organisations[0]!.tenantId] });
    const { guest, prefix } = await boardWith(xero);
    const page = await connect(guest);
    const form = formOf(page, xero.organisations[0]!.tenantId);
    xero.addFault({ kind: 'status', status: 503, on: { path: '/connect/revocation' } });
    const unfinished = await guest.post('/connect/disconnect', form);
    expectFault(unfinished, 502, 'XW_CONNECT_DISCONNECT');
    expect(unfinished.text).toContain('not revoked yet');
    expect((await guest.post('/connect/disconnect', form)).location).toBe('/connect?notice=disconnected');
    expect(await testClient().keys(`${prefix}:*grant*`)).toEqual([]);
  });

  it('and all else is answered with a page where Redis fails', async () => {
    const prefix = testPrefix();
    const { guest } = await boardWith(await fakeXero(), {}, prefix);
    await connect(guest);
    const client = testClient();
    await client.rename(`${prefix}:xero:organisations`, `${prefix}:aside`);
    await client.set(`${prefix}:xero:organisations`, 'no hash');
    expectFault(await guest.get('/connect'), 503, 'XW_CONNECT_FAILED');
  });
});

describeWithBrowser('the connect page in a browser', () => {
  it('connects, lists and disconnects, and asks nobody but Xero for anything', async () => {
    const { xero, url } = await boardWith(await fakeXero());
    const browser = await openBrowser();
    const page = await browser.newPage({
      javaScriptEnabled: false,
      viewport: { width: 1000, height: 700 },
    });
    await logInAt(page, url);
    const foreign: string[] = [];
    page.on('response', (response) => {
      if (![url, xero.url].some((known) => response.url().startsWith(known))) foreign.push(response.url());
    });
    const shoot = async (name: string): Promise<void> => {
      const folder = process.env['SCREENSHOTS'];
      if (folder) await page.screenshot({ path: `${folder}/${name}.png` });
    };

    await page.goto(`${url}/connect`);
    await page.getByText('No organisation is connected.').waitFor();
    await shoot('empty');
    await page.getByRole('link', { name: 'Connect organisations' }).click();
    await page.getByRole('heading', { name: 'Second Company' }).waitFor();
    expect(page.url()).toBe(`${url}/connect?notice=connected`);
    await shoot('connected');

    await page.getByRole('listitem').filter({ hasText: 'Second Company' }).getByText('Disconnect…').click();
    await page.getByText('This ends the access to Second Company here and at Xero.').waitFor();
    await page.getByRole('button', { name: 'Disconnect Second Company' }).click();
    await page.getByText('Disconnected, here and at Xero.').waitFor();
    expect(await page.getByRole('heading', { level: 2 }).allTextContents()).toEqual(['Demo & <b>Sons</b>']);

    xero.setConsent({ denied: true });
    await page.getByRole('link', { name: 'Connect organisations' }).click();
    await page.getByText('XW_CONNECT_DENIED', { exact: true }).waitFor();
    await shoot('denied');
    await page.getByRole('link', { name: 'Back to the organisations' }).click();
    await page.getByRole('link', { name: 'Bull Board' }).waitFor();
    expect(foreign).toEqual([]);
  });

  it('leads to and from the queues', async () => {
    const { url } = await boardWith(await fakeXero());
    const browser = await openBrowser();
    const page = await browser.newPage();
    await logInAt(page, url);
    await page.goto(`${url}/connect`);
    await page.getByRole('link', { name: 'Bull Board' }).click();
    await page.waitForURL(`${url}/queues**`);
    // Bull Board keeps such links in the last menu at its top.
    await page.locator('header button').last().click();
    await page.getByText('Organisations', { exact: true }).click();
    await page.waitForURL(`${url}/connect`);
  });
});
