import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findHandlers } from './find-handlers.ts';

/** A folder with empty files. */
function folderWith(...files: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'xw-find-handlers-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), '');
  }
  return folder;
}

describe('the handler module', () => {
  it.each(['handlers.ts', 'handlers.cjs', 'handlers/index.js', 'src/handlers.mts', 'src/handlers/index.ts'])(
    'is %s where there is one',
    (file) => {
      const folder = folderWith(file, 'src/other.ts');
      expect(findHandlers(folder, {})).toBe(join(folder, file));
    },
  );

  it('is what HANDLERS names, before any other, whether it exists or not', () => {
    const folder = folderWith('handlers.ts');
    expect(findHandlers(folder, { HANDLERS: ' mine.ts ' })).toBe(join(folder, 'mine.ts'));
  });

  it('is the samples where there is none', () => {
    expect(findHandlers(folderWith('package.json'), { HANDLERS: '' })).toMatch(/worker\/src\/handlers\/index\.ts$/);
  });
});
