import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { runXw } from './support/run-xw.ts';

/** A folder with these files. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'xw-init-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}

const read = (folder: string, file: string): string => readFileSync(join(folder, file), 'utf8');

const manifestIn = (folder: string): Record<string, unknown> =>
  JSON.parse(read(folder, 'package.json')) as Record<string, unknown>;

describe('xw init', () => {
  it('writes into a folder that it makes, and says what comes next', async () => {
    const folder = folderWith({});
    const { code, stdout } = await runXw(['init', 'My Books!'], {}, folder);
    expect(code).toBe(0);
    expect(stdout).toContain('wrote      My Books!/src/handlers.ts\n');
    expect(stdout).toContain(`\nNext:\n  cd 'My Books!'\n  npm install\n`);
    expect(manifestIn(join(folder, 'My Books!'))).toMatchObject({ name: 'my-books', type: 'module' });
  });

  it('keeps what a package.json has, and gives modules names that fit it', async () => {
    const before = {
      name: 'older',
      type: 'commonjs',
      scripts: { start: 'node .', test: 'jest', check: 'eslint .' },
      dependencies: { 'xero-webhooks': 'file:../x.tgz', left: '1.0.0' },
      jest: {},
    };
    const folder = folderWith({ 'package.json': JSON.stringify(before), 'index.js': '' });
    const { code, stdout } = await runXw(['init'], {}, folder);
    expect(code).toBe(0);
    expect(stdout).toContain('completed  package.json\n');
    const { devDependencies, ...rest } = manifestIn(folder);
    expect(rest).toEqual(before);
    expect(Object.keys(devDependencies as object)).toEqual(['@types/node', 'typescript']);
    expect(readdirSync(join(folder, 'src')).toSorted()).toEqual(['handlers.mts', 'handlers.test.mts']);
  });

  it('writes nothing where files are there and nobody can be asked', async () => {
    const folder = folderWith({ 'README.md': 'mine' });
    const { code, stderr } = await runXw(['init'], {}, folder);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'xw: README.md is there already: choose with --overwrite or --keep; nothing was written [XW_INIT] see docs/errors.md#xw_init\n',
    );
    expect(readdirSync(folder)).toEqual(['README.md']);
  });

  it.each([
    ['--keep', 'mine'],
    ['--overwrite', expect.stringContaining('# xw-init-')],
  ])('does as %s says', async (option, text) => {
    const folder = folderWith({ 'README.md': 'mine', 'src/handlers.test.ts': 'mine' });
    expect((await runXw(['init', option], {}, folder)).code).toBe(0);
    expect(read(folder, 'README.md')).toEqual(text);
    expect(existsSync(join(folder, 'src/handlers.ts'))).toBe(true);
  });

  it.skipIf(!existsSync('/usr/bin/script')).each([
    ['n', 'mine'],
    ['', 'mine'],
    ['y', expect.stringContaining('# xw-init-')],
  ])('asks at a terminal, and takes "%s" for an answer', async (answer, text) => {
    const folder = folderWith({ 'README.md': 'mine' });
    const command = `${process.execPath} ${ROOT}apps/cli/src/main.ts init`;
    const output = await new Promise<string>((resolve, reject) => {
      const child = execFile('script', ['-qec', command, '/dev/null'], { cwd: folder }, (error, stdout) =>
        error ? reject(error) : resolve(stdout),
      );
      child.stdout!.on('data', (printed: string) => {
        if (printed.includes('[y/N]')) child.stdin!.write(`${answer}\n`);
      });
    });
    expect(output).toContain('README.md is there already. Overwrite? [y/N]');
    expect(read(folder, 'README.md')).toEqual(text);
  });

  it.each(['{"name": ', '[]', 'null'])('refuses a package.json that is %s', async (text) => {
    const folder = folderWith({ 'package.json': text });
    const { code, stderr } = await runXw(['init'], {}, folder);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^xw: .*package\.json cannot be read: .*; nothing was written \[XW_INIT\]/);
    expect(readdirSync(folder)).toEqual(['package.json']);
  });
});
