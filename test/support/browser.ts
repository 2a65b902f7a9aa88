import { findExecutable } from '@xero-webhooks/local-redis';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { onTestFinished } from 'vitest';
import { describeIf } from '@xero-webhooks/testing';

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
