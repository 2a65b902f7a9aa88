import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataFolder, writeDevelopmentFile } from '@xero-webhooks/runtime';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findTarget } from './target.ts';

const LEFT = { webhookUrl: 'http://127.0.0.1:3000/webhook', webhookKey: 'left', redisUrl: 'redis://127.0.0.1:1' };

/** A folder in which `xw dev` has run. */
function startedFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xw-target-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeDevelopmentFile(dataFolder(folder), LEFT);
  return folder;
}

const keyWith = (environment: NodeJS.ProcessEnv, wanted: { key?: string } = {}): string =>
  findTarget(wanted, environment, startedFolder()).key;

describe('the key that is signed with', () => {
  it('is the one that the command names, else the first that is set, else the one for development', () => {
    expect(keyWith({ XERO_WEBHOOK_KEY: 'set' }, { key: 'named' })).toBe('named');
    expect(keyWith({ XERO_WEBHOOK_KEY: ' first , second' })).toBe('first');
    expect(keyWith({})).toBe('left');
  });

  it.each(['', ' ', ','])('is the one for development where XERO_WEBHOOK_KEY is "%s"', (given) => {
    expect(keyWith({ XERO_WEBHOOK_KEY: given })).toBe('left');
  });

  it('is in the file that XERO_WEBHOOK_KEY_FILE names', () => {
    const file = join(startedFolder(), 'key');
    writeFileSync(file, 'from-a-file,another\n');
    expect(keyWith({ XERO_WEBHOOK_KEY_FILE: file })).toBe('from-a-file');
    expect(() => keyWith({ XERO_WEBHOOK_KEY_FILE: `${file}-elsewhere` })).toThrow(/XERO_WEBHOOK_KEY/);
  });
});
