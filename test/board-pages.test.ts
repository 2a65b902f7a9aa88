import { mkdirSync } from 'node:fs';
import { allOfRedis, ROOT, until } from '@xero-webhooks/testing';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, inject, it, onTestFinished } from 'vitest';
import { describeWithBrowser, logInAt, openBrowser } from './support/browser.ts';
import { operatedSystem } from './support/operated-system.ts';
import { BOARD_LOGIN, startBoard } from './support/system.ts';
import { createBackfills } from '@xero-webhooks/backfill';
import { noteOutage } from '@xero-webhooks/queue';
import { testQueueRedis } from '@xero-webhooks/queue/testing';
import { enqueueChanges, xeroSystem } from './support/xero-system.ts';

/** Where the pictures of the pages go, for people to look at. */
const PICTURES = `${ROOT}test-artifacts/board`;

/** Those that the documentation shows go here: see `pnpm run pictures`. */
const PUBLISHED = process.env['BOARD_PICTURES'];

/** The pages that the documentation shows. */
const SHOWN = new Set(['overview', 'event', 'dead-letters']);

const SIZES = [
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
] as const;

/** A system with its board, and a browser at it. */
async function boardInBrowser(environment: Record<string, string> = {}) {
  const system = await operatedSystem();
  return { ...system, ...(await browserAtBoard(system.prefix, environment)) };
}

/** A board, and a browser at it that notes faults of scripts and requests to the outside. */
async function browserAtBoard(prefix: string, environment: Record<string, string> = {}) {
  const { url } = await startBoard(prefix, { REDIS_URL: inject('redis').url, ...environment });
  const browser = await openBrowser();
  const context = await browser.newContext({
    viewport: SIZES[1],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  await logInAt(page, url);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => !request.url().startsWith(url) && faults.push(`outside: ${request.url()}`));
  return { url, page, faults };
}

/** One of which a part is read, a part waits and a part has failed. @returns its id */
async function halfDoneBackfill(prefix: string): Promise<string> {
  const redis = await testQueueRedis(prefix);
  const backfills = createBackfills(redis);
  const id = await backfills.plan({
    since: Date.now() - 2 * 86_400_000,
    tenantIds: ['t-1', '9b2d0000-0000-4000-8000-000000000002'],
    categories: ['invoice', 'contact'],
    by: 'admin',
  });
  await backfills.close();
  const key = `${prefix}:{backfill}:run-${id}`;
  const change = async (field: string, words: object): Promise<void> => {
    const before = JSON.parse((await redis.client.hget(key, field))!) as object;
    await redis.client.hset(key, field, JSON.stringify({ ...before, ...words }));
  };
  await change('@', { state: 'started' });
  await change('t-1 invoice', { state: 'reading', found: 2_410, read: 1_000, added: 986, known: 14, calls: 2 });
  await change('t-1 contact', { state: 'done', found: 77, read: 77, added: 77, calls: 2 });
  const failed = { state: 'failed', calls: 1, trouble: 'Xero answered 403: insufficient_scope' };
  await change('9b2d0000-0000-4000-8000-000000000002 contact', failed);
  const waits = {
    state: 'reading',
    found: 310,
    calls: 1,
    trouble: "Xero's day limit leaves no call for this organisation",
  };
  await change('9b2d0000-0000-4000-8000-000000000002 invoice', waits);
  return id;
}

/** Serious findings of axe (https://github.com/dequelabs/axe-core). */
async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(`
    axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))
  `);
}

describeWithBrowser('the pages of the board', () => {
  it('find an event by its invoice, say why it failed, and have it retried once its handler is mended', async () => {
    const { worker, send, reach, mend, page, url, faults } = await boardInBrowser();
    await worker();
    await send(['good-1', 'bad-invoice']);
    await reach('failed', 1);
    await page.goto(url);
    await page.getByRole('row', { name: 'sync 2 (67 %)' }).waitFor();
    await page.getByRole('link', { name: 'Events', exact: true }).click();
    await page.getByLabel('Resource, organisation or key').fill('BAD-INVOICE');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('link', { name: 'bad-invoice' }).click();
    await page.getByRole('heading', { name: 'invoice.updated dead letter' }).waitFor();
    await page.getByText('attempt 2 failed').waitFor();
    await page.getByText('Error: the books are closed').waitFor();
    await page.getByText('"resourceId": "bad-invoice"').waitFor();
    mend();
    await page.getByRole('button', { name: 'Retry' }).click();
    await page.getByText('Retried: the handlers that had not succeeded run again').waitFor();
    await reach('completed', 2);
    await page.reload();
    await page.getByRole('heading', { name: 'invoice.updated handled' }).waitFor();
    await page.getByText(`retried by ${BOARD_LOGIN.user}`).waitFor();
    expect(faults).toEqual([]);
  });

  it('retry all of a group, with the count asked back, and show it empty', async () => {
    const { worker, send, reach, mend, page, url, faults, handled } = await boardInBrowser();
    await worker();
    await send(Array.from({ length: 30 }, (_, number) => `bad-${number}`));
    await reach('failed', 30);
    mend();
    await page.goto(`${url}/failed`);
    await page.getByText('30 events failed for good').waitFor();
    await page.getByRole('button', { name: 'Retry those of sync: the books are closed' }).click();
    await page.getByRole('heading', { name: 'Retry 30 dead letters?' }).waitFor();
    await page.getByRole('button', { name: 'Retry 30 dead letters' }).click();
    await page.getByText('30 events done').waitFor();
    await page.getByText('No event has failed for good.').waitFor();
    await reach('completed', 30);
    // The handler that had succeeded did not run again.
    expect(handled().filter((line) => line.startsWith('wait '))).toHaveLength(30);
    expect(faults).toEqual([]);
  });

  it('drop those that were chosen, and no other', async () => {
    const { worker, send, reach, page, url } = await boardInBrowser();
    await worker();
    await send(['bad-1', 'bad-2', 'bad-3']);
    await reach('failed', 3);
    await page.goto(`${url}/failed`);
    await page.getByRole('button', { name: 'Drop the chosen' }).click();
    await page.getByText('Nothing was chosen').waitFor();
    await page.getByRole('link', { name: 'Back to the dead letters' }).click();
    await page
      .getByLabel(/^Choose invoice/)
      .first()
      .check();
    await page.getByRole('button', { name: 'Drop the chosen' }).click();
    await page.getByRole('button', { name: 'Drop 1 dead letter' }).click();
    await page.getByText('2 events failed for good').waitFor();
    await reach('failed', 2);
  });

  it('show the bytes of a quarantined body safely, and drop it', async () => {
    const { sendBody, page, url, faults } = await boardInBrowser();
    await sendBody(Buffer.from('<script>alert(1)</script> \u001B[2J'));
    await page.goto(`${url}/quarantine`);
    await page.getByRole('cell', { name: 'not-json', exact: true }).waitFor();
    await page.locator('td a').click();
    await page.getByText(String.raw`<script>alert(1)</script> \x1b[2J`).waitFor();
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('It still cannot be read in full, so it stays.').waitFor();
    await page.getByRole('button', { name: 'Drop' }).click();
    await page.getByText('Nothing is in quarantine.').waitFor();
    expect(faults).toEqual([]);
  });

  it('forget an organisation whose events came, after asking back', async () => {
    const { worker, send, reach, page, url, client, prefix } = await boardInBrowser();
    await worker();
    await send(['good-1'], { tenantId: 'gone-3' });
    await send(['good-2'], { tenantId: 'stays-3' });
    await reach('completed', 2);
    await page.goto(url);
    await page.getByRole('link', { name: 'Organisations' }).click();
    const forget = async (): Promise<void> => {
      await page.getByRole('row').filter({ hasText: 'gone-3' }).getByText('Forget…').click();
      await page.getByRole('button', { name: 'Forget gone-3' }).click();
      await page.getByText('What is stored of the organisation is erased').waitFor();
    };
    await forget();
    // As the page says: what was still being written of its event has it listed again.
    while ((await page.getByText('gone-3').count()) > 0) await forget();
    expect(await page.getByText('stays-3').count()).toBe(1);
    expect(await allOfRedis(client, prefix)).not.toContain('gone-3');
  });

  it('name the organisations of a fake Xero, and say which cannot be read now and until when', async () => {
    const system = await xeroSystem({ organisations: [{ tenantId: 'held-1', name: 'Held <Up> Ltd' }] });
    const { page, url, faults } = await browserAtBoard(system.prefix, { XERO_FAKE_URL: system.xero.url });
    system.xero.addFault({ kind: 'status', status: 429, retryAfter: 3_600, times: 100, on: { path: '/api.xro' } });
    await system.startWorkers(1);
    await enqueueChanges(system, 'invoice', ['held-1']);
    const row = page.getByRole('row').filter({ hasText: 'Held <Up> Ltd' });
    await until(async () => {
      await page.goto(url);
      return (await row.getByText(/may call again in \d+ (h|min)/).count()) === 1;
    }, 'the organisation to be held up');
    await page.getByText('1 organisation cannot be read now').waitFor();
    await page.getByRole('link', { name: 'Access and usage' }).click();
    await page.getByRole('heading', { name: 'Of the fake Xero' }).waitFor();
    expect(await row.textContent()).toContain('may call again in');
    expect(faults).toEqual([]);
  });

  it('offer to find what was missed in an outage, say what it takes, and have it handled', async () => {
    const system = await xeroSystem();
    const { page, url, faults } = await browserAtBoard(system.prefix, { XERO_FAKE_URL: system.xero.url });
    const [tenantId] = system.xero.organisations.map((one) => one.tenantId);
    const since = Date.now() - 30_000;
    const missed = system.xero.changeAll(
      Array.from({ length: 20 }, () => ({ category: 'invoice' as const, tenantId: tenantId!, notify: false })),
    );
    await noteOutage(system.redis.client, system.prefix, { since, until: Date.now() });
    await page.goto(url);
    await page.getByText('Requests of Xero failed from').waitFor();
    await page.getByRole('link', { name: 'Count what was missed' }).click();
    await page.getByRole('button', { name: 'Count what there is' }).click();
    await page.getByText('No running worker can read from Xero').waitFor();

    await system.startWorkers(1);
    await page.goto(url);
    await page.getByRole('link', { name: 'Count what was missed' }).click();
    await page.getByLabel('Category').selectOption('invoice');
    await page.getByRole('button', { name: 'Count what there is' }).click();
    await page.getByText(/20 resources changed in 2 organisations\. Reading them takes 1 call of Xero's/).waitFor();
    expect(system.handled.read('read')).toEqual([]);
    await page.getByRole('button', { name: 'Start: 1 call' }).click();
    await page.getByText('Done. 20 resources changed').waitFor();
    await system.untilRead(20);
    expect(
      system.handled
        .read('read')
        .map(({ resourceId }) => resourceId)
        .toSorted(),
    ).toEqual(missed.map(({ resourceId }) => resourceId).toSorted());
    await page.getByRole('link', { name: 'All backfills' }).click();
    await page.getByRole('row').filter({ hasText: 'done' }).waitFor();
    await page.goto(url);
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(await page.getByText('Count what was missed').count()).toBe(0);
    // The browser notes the answer where no worker was running.
    expect(faults).toEqual([expect.stringContaining('409')]);
  });

  it('show an event as soon as it arrives', async () => {
    const { worker, send, page, url } = await boardInBrowser();
    await worker();
    await page.goto(`${url}/events`);
    await page.getByText('No event has arrived yet.').waitFor();
    await send(['fresh']);
    await page.getByRole('link', { name: 'fresh' }).waitFor();
    await page.locator('td .tag.handled').waitFor();
  });

  it('do not show fields of payloads that are to be hidden', async () => {
    const { worker, send, sendBody, reach, page, url, client, prefix } = await boardInBrowser({
      BOARD_REDACT: 'resourceUrl,tenantType',
    });
    await worker();
    await send(['bad-1']);
    await sendBody(Buffer.from('a secret'));
    await reach('failed', 1);
    const [key] = await client.zrange(`${prefix}:xero-events-0:failed`, '0', '-1');
    await page.goto(`${url}/events/t-1/${key}`);
    await page.getByText('"resourceUrl": "(redacted)"').waitFor();
    expect(await page.content()).not.toContain('ORGANISATION');
    await page.goto(`${url}/quarantine`);
    await page.locator('td a').click();
    await page.getByText('Not shown: BOARD_REDACT is set').waitFor();
    expect(await page.content()).not.toContain('a secret');
  });

  it('change nothing where the board is read-only', async () => {
    const { worker, send, reach, page, url, client, prefix } = await boardInBrowser({ BOARD_READ_ONLY: 'true' });
    await worker();
    await send(['bad-1']);
    await reach('failed', 1);
    const [key] = await client.zrange(`${prefix}:xero-events-0:failed`, '0', '-1');
    for (const path of ['/failed', `/events/t-1/${key}`, '/quarantine', '/backfill']) {
      await page.goto(`${url}${path}`);
      expect(await page.locator('main button:not(.copy)').count()).toBe(0);
    }
    for (const path of ['/failed/act', `/events/t-1/${key}/retry`, '/quarantine/replay', '/backfill']) {
      expect((await page.request.post(`${url}${path}`, { form: { all: 'yes' } })).status()).toBe(403);
    }
    await reach('failed', 1);
  });

  it('are readable at each width, in light and dark, by eye and by screen reader', { timeout: 120_000 }, async () => {
    const xero = await startFakeXero({
      organisations: [
        { tenantId: 't-1', name: 'Harbour Books' },
        { tenantId: '9b2d0000-0000-4000-8000-000000000002', name: 'Second Company' },
      ],
    });
    onTestFinished(xero.stop);
    const { worker, send, sendBody, reach, page, url, client, prefix } = await boardInBrowser({
      XERO_FAKE_URL: xero.url,
      ALERT_INTERVAL_S: '1',
    });
    await worker();
    await send(Array.from({ length: 12 }, (_, number) => `6a1c2f6e-0000-4000-8000-0000000000${number + 10}`));
    const bad = ['bad1c2f6-12a4-4c51-9d7e-0b9a7c3e5f01', 'bad7e9d0-5f3b-4e86-8c2a-6d1f4b8a9c02'];
    await send(bad, { category: 'contact', tenantId: '9b2d0000-0000-4000-8000-000000000002' });
    await send(['later-1']);
    await sendBody(Buffer.from('not json'));
    await reach('failed', 2);
    await reach('delayed', 1);
    const [key] = await client.zrange(`${prefix}:xero-events-0:failed`, '0', '-1');
    await page.goto(url);
    await until(async () => {
      // The oldest stands first, whichever of them that is.
      const alerts = (await page.locator('.alerts').allTextContents()).join();
      return ['There are 2 dead letters', 'There is a body in quarantine'].every((text) => alerts.includes(text));
    }, 'both alerts on the overview');
    mkdirSync(PICTURES, { recursive: true });
    const pages = {
      overview: '/',
      events: '/events',
      event: `/events/9b2d0000-0000-4000-8000-000000000002/${key}`,
      'dead-letters': '/failed',
      quarantine: '/quarantine',
      handlers: '/handlers',
      backfills: '/backfill',
      backfill: `/backfill/${await halfDoneBackfill(prefix)}`,
      organisations: '/connect',
    };
    const findings: string[] = [];
    for (const [name, path] of Object.entries(pages)) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const size of SIZES) {
          await page.setViewportSize(size);
          await page.goto(`${url}${path}`);
          const picture = `${PICTURES}/${name}-${size.width}-${colorScheme}.png`;
          await page.screenshot({ path: picture, fullPage: true });
          if (PUBLISHED && colorScheme === 'light' && size === SIZES[1] && SHOWN.has(name)) {
            await page.screenshot({ path: `${PUBLISHED}/${name}.png` });
          }
          const width = await page.evaluate<number>('document.documentElement.scrollWidth');
          if (width > size.width) findings.push(`${name} is ${width} wide at ${size.width}`);
        }
        findings.push(...(await seriousFindings(page)).map((finding) => `${name}, ${colorScheme}: ${finding}`));
      }
    }
    await page.context().clearCookies();
    await page.goto(`${url}/login`);
    await page.screenshot({ path: `${PICTURES}/login.png` });
    findings.push(...(await seriousFindings(page)).map((finding) => `login: ${finding}`));
    expect(findings).toEqual([]);
  });
});
