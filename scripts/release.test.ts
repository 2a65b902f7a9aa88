import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import type { Run } from './release.ts';
import { release } from './release.ts';

const MANIFEST = 'packages/xero-webhooks/package.json';

const FILES = {
  [MANIFEST]: '{ "version": "0.1.0" }',
  '.changeset/one.md': 'something',
  'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n### Added\n\n- This.\n\n## 0.1.0 (2026-01-01)\n\n- That.\n',
  Dockerfile: 'FROM node\nARG VERSION=0.1.0\n',
};

/** A repository with these files, and what a release does there. */
function repository(files: Readonly<Record<string, string>> = FILES) {
  const root = mkdtempSync(join(tmpdir(), 'xw-release-'));
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'test');
  git('config', 'user.email', 'test@example.com');
  git('add', '--all');
  git('commit', '--quiet', '--message', 'Begin');
  const commands: string[] = [];
  const printed: string[] = [];
  const run: Run = (...words) => {
    commands.push(words.slice(2).join(' '));
    // What changesets do.
    if (words.includes('version')) writeFileSync(join(root, MANIFEST), '{ "version": "0.2.0" }');
  };
  return {
    root,
    git,
    commands,
    printed,
    read: (file: string) => readFileSync(join(root, file), 'utf8'),
    release: (how: Run = run) =>
      release({ root, run: how, date: '2026-02-03', print: (text) => void printed.push(text) }),
  };
}

describe('a release', () => {
  it('is checked, then has its version, its changelog, a commit and a tag', () => {
    const { git, commands, printed, read, ...repo } = repository();
    repo.release();
    expect(commands).toEqual(['check', 'test', 'exec changeset version', 'install']);
    expect(read('CHANGELOG.md')).toBe(
      '# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-02-03)\n\n### Added\n\n- This.\n\n## 0.1.0 (2026-01-01)\n\n- That.\n',
    );
    expect(read('Dockerfile')).toContain('ARG VERSION=0.2.0\n');
    expect(git('log', '-1', '--format=%s')).toBe('Release 0.2.0');
    expect(git('describe', '--tags')).toBe('v0.2.0');
    expect(git('status', '--porcelain')).toBe('');
    expect(printed.join('\n')).toContain('npm publish .data/npm/xero-webhooks-0.2.0.tgz --provenance');
  });

  it('is refused where the tree is not clean', () => {
    const { root, commands, ...repo } = repository();
    writeFileSync(join(root, 'new.txt'), '');
    expect(() => repo.release()).toThrow('the tree is not clean: commit or stash what has changed');
    expect(commands).toEqual([]);
  });

  it('is refused on another branch', () => {
    const { git, commands, ...repo } = repository();
    git('switch', '--quiet', '--create', 'other');
    expect(() => repo.release()).toThrow('releases are made of main');
    expect(commands).toEqual([]);
  });

  it.each([
    ['no changeset says what has changed', { '.changeset/one.md': undefined, '.changeset/README.md': 'about' }],
    ['CHANGELOG.md says nothing under "Unreleased"', { 'CHANGELOG.md': '# Changelog\n\n## Unreleased\n\n## 0.1.0\n' }],
  ])('is refused where %s', (message, changes) => {
    const files = Object.entries({ ...FILES, ...changes }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const { commands, ...repo } = repository(Object.fromEntries(files));
    expect(() => repo.release()).toThrow(message);
    expect(commands).toEqual([]);
  });

  it.each(['check', 'test'])('changes nothing where %s fails', (failing) => {
    const { git, ...repo } = repository();
    const run: Run = (...words) => {
      if (words.at(-1) === failing) throw new Error(`${failing} failed`);
    };
    expect(() => repo.release(run)).toThrow(`${failing} failed`);
    expect(git('status', '--porcelain')).toBe('');
    expect(git('log', '--format=%s')).toBe('Begin');
    expect(git('tag')).toBe('');
  });
});

it('all packages have the version of the one that is published', () => {
  const listed = execFileSync('git', ['ls-files', 'packages/*/package.json', 'apps/*/package.json'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const versions = listed
    .trim()
    .split('\n')
    .map((file) => (JSON.parse(readFileSync(ROOT + file, 'utf8')) as { version: string }).version);
  expect(new Set(versions).size).toBe(1);
});
