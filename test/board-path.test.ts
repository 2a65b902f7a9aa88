import { startFakeXero } from '@xero-webhooks/fake-xero';
import { creditNoteBody, ROOT, testClient, testPrefix, until } from '@xero-webhooks/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeWithBrowser, logInAt, openBrowser } from './support/browser.ts';
import { startPathProxy } from './support/path-proxy.ts';
import { post, startBoard, startIngress, startWorker } from './support/system.ts';
import { visitor } from './support/visitor.ts';

const KEY = Buffer.alloc(32, 'a key').toString('base64');

const PROXIES = [
  ['strips it', { strips: true, keepsHost: false }],
  ['strips it and keeps the host', { strips: true, keepsHost: true }],
  ['keeps it', { strips: false, keepsHost: false }],
  ['keeps it and the host', { strips: false, keepsHost: true }],
] as const;

type ProxyOptions = (typeof PROXIES)[number][1];

/** A board behind a proxy that has it below a path, with a fake Xero to connect to. */
async function boardBelow(path: string, options: ProxyOptions, prefix = testPrefix()) {
  const xero = await startFakeXero();
  onTestFinished(xero.stop);
  const proxy = await startPathProxy(path, options);
  const environment = { ...xero.environment, TOKEN_ENCRYPTION_KEY: KEY, BOARD_URL: proxy.url };
  const board = await startBoard(prefix, environment);
  proxy.leadTo(board.url);
  return { xero, proxy, board };
}

/** Opens a browser, and notes each request that goes to no page of the board and not to Xero, with scripts' faults. */
async function watchedPage(boardUrl: string, xeroUrl: string): Promise<{ page: Page; faults: string[] }> {
  const browser = await openBrowser();
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
  });
  await logInAt(page, boardUrl);
  const faults: string[] = [];
  page.setDefaultTimeout(5_000);
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('response', (response) => {
    const url = response.url();
    const isBelow = url === boardUrl || [`${boardUrl}/`, `${boardUrl}?`].some((start) => url.startsWith(start));
    if (!isBelow && !url.startsWith(`${xeroUrl}/`)) faults.push(`left the path: ${url}`);
    if (response.status() >= 400 && response.status() !== 401) faults.push(`${response.status()} ${url}`);
  });
  return { page, faults };
}

/** What a page loads or leads to, as the browser resolves it, on the host of the board and outside its path. */
async function strayLinks(page: Page, boardUrl: string): Promise<string[]> {
  const links = await page.evaluate<string[]>(`
    [...document.querySelectorAll('[href], [src], [action]')].map((element) => {
      const [link] = ['href', 'src', 'action'].flatMap((name) => element.getAttribute(name) ?? []);
      return new URL(link, document.baseURI).href;
    })
  `);
  expect(links.some((link) => link.startsWith(`${boardUrl}/`))).toBe(true);
  return links.filter((link) => link.startsWith(new URL(boardUrl).origin) && !link.startsWith(`${boardUrl}/`));
}

describe('a board below a path', () => {
  it.each(
    [
      '/a',
      '/ops/xero/board/of/ours',
      '/ops%20x',
      '/%E2%82%AC/~me',
      '/queues-of-xero',
      '/connected',
      '/xero/queues',
      "/a&b='c'",
    ].flatMap((path) => PROXIES.map(([what, options]) => [path, what, options] as const)),
  )('%s, behind a proxy that %s, stays below it', async (path, _what, options) => {
    const { proxy } = await boardBelow(path, options);
    const guest = visitor(proxy.url);
    for (const start of ['', '/', '?a=b']) {
      const answer = await guest.get(`${proxy.url}${start}`);
      expect([answer.status, answer.text.includes('<h1>Overview</h1>')]).toEqual([200, true]);
    }
    const queues = await guest.get(`${proxy.url}/queues`);
    const html = path.replaceAll('&', '&amp;').replaceAll("'", '&#39;');
    expect(queues.text.replaceAll('&#39;', "'").replaceAll('&amp;', '&')).toContain(`<base href="${path}/queues/" />`);
    const [, script] = /src="(static\/js\/main[^"]+)"/.exec(queues.text)!;
    expect((await guest.get(`${proxy.url}/queues/${script}`)).status).toBe(200);
    expect((await guest.get(`${proxy.url}/queues/api/queues`)).status).toBe(200);

    for (const own of ['', '/events', '/failed', '/quarantine', '/backfill', '/handlers', '/connect']) {
      const { text } = await guest.get(`${proxy.url}${own}`);
      const links = [...text.matchAll(/(?:href|src|action|data-live)="([^"]*)"/g)].map(([, link]) => link!);
      expect(links.length).toBeGreaterThan(4);
      expect(links.filter((link) => !link.startsWith(`${html}/`))).toEqual([]);
    }
    const page = await guest.get(`${proxy.url}/connect`);
    expect(page.headers.get('set-cookie')).toContain(`; Path=${path};`);
    const start = await guest.get(`${proxy.url}/connect/start`);
    expect(start.headers.get('set-cookie')).toContain(`; Path=${path}/connect/callback;`);
    expect(new URL(start.location!).searchParams.get('redirect_uri')).toBe(`${proxy.url}/connect/callback`);
    expect((await fetch(`${proxy.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${proxy.url}/connect`)).status).toBe(401);
    expect((await guest.get(`${proxy.url}/nothing`)).status).toBe(404);
  });

  it('works at its own address too, where its links lead below the path', async () => {
    const { board } = await boardBelow('/ops/xero', { strips: true, keepsHost: true });
    const guest = visitor(board.url);
    expect((await guest.get('/')).text).toContain('href="/ops/xero/events"');
    for (const path of ['/connect', '/ops/xero/connect', '/queues', '/ops/xero/queues', '/ops/xero/page/style.css']) {
      expect([path, (await guest.get(path)).status]).toEqual([path, 200]);
    }
  });
});

describeWithBrowser('a board below a path, behind a proxy that', () => {
  it.each(PROXIES)('%s, shows the queues, and nothing leads out of the path', async (_what, options) => {
    const prefix = testPrefix();
    const ingress = await startIngress(prefix);
    await startWorker(prefix, `${ROOT}test/support/recording-handlers.ts`, { HANDLED_FILE: '/dev/null' });
    await post(ingress.url, creditNoteBody);
    const client = testClient();
    await until(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 1, 'a completed job');
    const { proxy, xero } = await boardBelow('/ops/xero', options, prefix);
    const { page, faults } = await watchedPage(proxy.url, xero.url);

    for (const start of [proxy.url, `${proxy.url}/`]) {
      await page.goto(start);
      await page.getByRole('link', { name: 'Bull Board' }).click();
      await page.waitForURL(`${proxy.url}/queues`);
    }
    await page.getByText('xero-events-0').first().click();
    await page.waitForURL(`${proxy.url}/queues/queue/xero-events-0**`);
    await page.goto(`${proxy.url}/queues/queue/xero-events-0?status=completed`);
    await page.locator('a[href^="/ops/xero/queues/queue/xero-events-0/x"]').first().click();
    await page.waitForURL(/\/ops\/xero\/queues\/queue\/xero-events-0\/x/);
    await page.reload();
    await page.getByText('creditnote.created').first().waitFor();
    // Bull Board keeps links of ours in the last menu at its top.
    await page.locator('header button').last().click();
    await page.getByText('Organisations', { exact: true }).click();
    await page.waitForURL(`${proxy.url}/connect`);
    await page.getByRole('link', { name: 'Bull Board' }).click();
    await page.waitForURL(`${proxy.url}/queues`);
    await page.getByText('xero-events-0').first().waitFor();
    expect(await strayLinks(page, proxy.url)).toEqual([]);
    expect(faults).toEqual([]);
    expect(proxy.strays).toEqual([]);
  });

  it.each(PROXIES)('%s, connects and disconnects, and nothing leads out of the path', async (_what, options) => {
    const { proxy, xero } = await boardBelow('/ops/xero', options);
    const { page, faults } = await watchedPage(proxy.url, xero.url);
    await page.goto(`${proxy.url}/connect`);
    await page.getByText(`${proxy.url}/connect/callback`).waitFor();
    await page.getByRole('link', { name: 'Connect organisations' }).click();
    await page.getByText('Connected. Handlers can now read the data of these organisations.').waitFor();
    expect(page.url()).toBe(`${proxy.url}/connect?notice=connected`);
    expect(await strayLinks(page, proxy.url)).toEqual([]);
    expect((await page.context().cookies(`${proxy.url}/connect`)).map(({ name, path }) => [name, path])).toEqual([
      ['xw-form', '/ops/xero'],
      ['xw-session', '/ops/xero'],
    ]);
    expect(await page.context().cookies(new URL('/connect', proxy.url).href)).toEqual([]);

    const { name } = xero.organisations[0]!;
    await page.getByRole('listitem').filter({ hasText: name }).getByText('Disconnect…').click();
    await page.getByRole('button', { name: `Disconnect ${name}` }).click();
    await page.getByText('Disconnected, here and at Xero.').waitFor();
    expect(page.url()).toBe(`${proxy.url}/connect?notice=disconnected`);
    expect(faults).toEqual([]);

    xero.setConsent({ denied: true });
    await page.getByRole('link', { name: 'Connect organisations' }).click();
    await page.getByText('XW_CONNECT_DENIED', { exact: true }).waitFor();
    expect(await strayLinks(page, proxy.url)).toEqual([]);
    await page.getByRole('link', { name: 'Back to the organisations' }).click();
    await page.waitForURL(`${proxy.url}/connect`);
    expect(faults.filter((fault) => !fault.startsWith(`400 ${proxy.url}/connect/callback?`))).toEqual([]);
    expect(proxy.strays).toEqual([]);
  });
});
