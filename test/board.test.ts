import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { creditNoteBody, ROOT, testClient, testPrefix, until } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { describeWithBrowser, logInAt, openBrowser } from './support/browser.ts';
import { basicAuthorization, BOARD_LOGIN, post, startBoard, startIngress, startWorker } from './support/system.ts';

const authorization = basicAuthorization();

describe('the board', () => {
  it('shows nothing to somebody without the login', async () => {
    const { url } = await startBoard(testPrefix());
    for (const path of ['/', '/queues', '/queues/api/queues', '/queues/static/css/main.css', '/anything']) {
      expect((await fetch(`${url}${path}`, { redirect: 'manual' })).status).toBe(401);
    }
    for (const wrong of ['admin:', 'admin:wrong', `someone:${BOARD_LOGIN.password}`, ':', 'admin']) {
      const headers = { authorization: `Basic ${Buffer.from(wrong).toString('base64')}` };
      expect((await fetch(`${url}/queues`, { headers })).status).toBe(401);
    }
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('changes nothing: every method that could is refused', async () => {
    const prefix = testPrefix();
    const ingress = await startIngress(prefix);
    expect((await post(ingress.url, creditNoteBody)).status).toBe(200);
    const { url } = await startBoard(prefix);
    for (const [method, path] of [
      ['PUT', 'pause'],
      ['PUT', 'empty'],
      ['PUT', 'obliterate'],
      ['PUT', 'clean/completed'],
      ['POST', 'add'],
      ['DELETE', ''],
    ] as const) {
      const answer = await fetch(`${url}/queues/api/queues/xero-events-0/${path}`, {
        method,
        headers: { authorization },
      });
      expect([method, path, answer.status]).toEqual([method, path, method === 'DELETE' ? answer.status : 405]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect(await testClient().llen(`${prefix}:xero-events-0:wait`)).toBe(1);
  });
});

describeWithBrowser('the board in a browser', () => {
  it('shows the handled events, and asks nobody outside for anything', async () => {
    const prefix = testPrefix();
    const [ingress, { url }] = await Promise.all([startIngress(prefix), startBoard(prefix)]);
    await startWorker(prefix, `${ROOT}test/support/recording-handlers.ts`, { HANDLED_FILE: '/dev/null' });
    const events = ['a', 'b', 'c'].map((resourceId) =>
      xeroEvent({ category: 'invoice', type: 'update', resourceId, tenantId: 't-1', dateUtc: '2026-01-01T00:00:00' }),
    );
    await post(ingress.url, xeroBody(events, 1));
    const client = testClient();
    await until(async () => (await client.zcard(`${prefix}:xero-events-0:completed`)) === 3, '3 completed jobs');

    const browser = await openBrowser();
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
    });
    await logInAt(page, url);
    const faults: string[] = [];
    const foreign: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) foreign.push(request.url());
    });
    await page.goto(`${url}/`);
    await page.goto(`${url}/queues/queue/xero-events-0?status=completed`);
    await page.getByText('invoice.updated').first().waitFor();
    expect(await page.getByText('invoice.updated').count()).toBeGreaterThanOrEqual(3);
    if (process.env['SCREENSHOT']) await page.screenshot({ path: process.env['SCREENSHOT'] });
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
  });
});
