import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dataFolder, readDevelopmentFile, writeDevelopmentFile } from './development-file.ts';

const content = {
  webhookUrl: 'http://127.0.0.1:3000/webhook',
  webhookKey: 'xw-development-abc',
  redisUrl: 'redis://127.0.0.1:6379',
};

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'xw-development-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return dataFolder(folder);
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe('the development file', () => {
  it('is not there where nothing was started', () => {
    expect(readDevelopmentFile(emptyFolder())).toBeUndefined();
  });

  it('is read as it was written last', () => {
    const folder = emptyFolder();
    writeDevelopmentFile(folder, { ...content, webhookKey: 'an earlier one' });
    writeDevelopmentFile(folder, content);
    expect(readDevelopmentFile(folder)).toEqual(content);
    const withFake = { ...content, xeroUrl: 'http://127.0.0.1:4000' };
    writeDevelopmentFile(folder, withFake);
    expect(readDevelopmentFile(folder)).toEqual(withFake);
  });

  it('can be read by its owner alone, and nothing lies beside it', () => {
    const folder = emptyFolder();
    writeDevelopmentFile(folder, content);
    expect(readdirSync(folder)).toEqual(['development.json']);
    expect(modeOf(join(folder, 'development.json'))).toBe('600');
    expect(modeOf(folder)).toBe('700');
  });

  it('can be read by its owner alone even where it was there before for everybody', () => {
    const folder = emptyFolder();
    writeDevelopmentFile(folder, content);
    const path = join(folder, 'development.json');
    writeFileSync(path, '{}');
    chmodSync(path, 0o644);
    writeDevelopmentFile(folder, content);
    expect(modeOf(path)).toBe('600');
    expect(readDevelopmentFile(folder)).toEqual(content);
  });
});
