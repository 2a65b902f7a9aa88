import { findExecutable } from '@xero-webhooks/local-redis';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { describeIf } from '@xero-webhooks/testing';
import { BOARD_LOGIN } from './system.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const executablePath = NAMES.map((name) => findExecutable(name, process.env['PATH'] ?? '')).find(Boolean);

/** What needs a browser. */
export const describeWithBrowser: ReturnType<typeof describeIf> = describeIf(
  executablePath !== undefined,
  'chromium on PATH',
);

/** Opens a browser, closed when the test is over. */
export async function openBrowser(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: executablePath!,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  onTestFinished(() => browser.close());
  return browser;
}

/** Logs in on the board's login page, as a person does. */
export async function logInAt(page: Page, url: string, { user, password } = BOARD_LOGIN): Promise<void> {
  await page.goto(`${url}/login`);
  await page.getByLabel('User').fill(user);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}
