import { accessSync, constants } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { describe, onTestFinished } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const executablePath = (process.env['PATH'] ?? '')
  .split(':')
  .flatMap((folder) => NAMES.map((name) => `${folder}/${name}`))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** A `describe` for what needs a browser; elsewhere it is listed as skipped. */
export const describeWithBrowser: typeof describe | typeof describe.skip = executablePath
  ? describe
  : (((name: string, body: () => void) =>
      describe.skip(`${name} [skipped: needs chromium on PATH]`, body)) as typeof describe.skip);

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
