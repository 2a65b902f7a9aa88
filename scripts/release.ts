import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packNpm } from './pack-npm.ts';
import { PACKAGE } from './pack/published-manifest.ts';

/** Runs a command in the repository, its output shown; throws where it fails. */
export type Run = (file: string, ...words: string[]) => void;

type Options = {
  root: string;
  run: Run;
  /** `2026-11-30` */
  date: string;
  print: (text: string) => void;
};

/**
 * Makes a release: checks, the version that the changesets ask for, the changelog, a commit and a tag. Nothing is
 * published or pushed: it prints the commands for that.
 *
 * @throws Error, with nothing changed, if the tree is not clean, there is no changeset, the changelog says nothing, or a
 *   check or a test fails
 */
export function release({ root, run, date, print }: Options): void {
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
  if (git('status', '--porcelain') !== '') throw new Error('the tree is not clean: commit or stash what has changed');
  if (git('branch', '--show-current') !== 'main') throw new Error('releases are made of main: switch to it');
  const changesets = readdirSync(join(root, '.changeset')).filter((file) => /^(?!README).*\.md$/.test(file));
  if (changesets.length === 0)
    throw new Error('no changeset says what has changed: add one with "npx pnpm@12 changeset"');
  const changelog = readFileSync(join(root, 'CHANGELOG.md'), 'utf8');
  const [, before, news = '', earlier] =
    /^([\s\S]*?)^## Unreleased\n([\s\S]*?)((?:^## [\s\S]*)?)$(?![\s\S])/m.exec(changelog) ?? [];
  if (news.trim() === '') throw new Error('CHANGELOG.md says nothing under "Unreleased"');

  run('npx', 'pnpm@12', 'check');
  run('npx', 'pnpm@12', 'test');
  run('npx', 'pnpm@12', 'exec', 'changeset', 'version');
  const { version } = JSON.parse(readFileSync(join(root, PACKAGE, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(join(root, 'CHANGELOG.md'), `${before}## Unreleased\n\n## ${version} (${date})\n${news}${earlier}`);
  const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
  writeFileSync(join(root, 'Dockerfile'), dockerfile.replace(/^ARG VERSION=.*$/m, `ARG VERSION=${version}`));
  run('npx', 'pnpm@12', 'install');
  git('add', '--all');
  git('commit', '--quiet', '--message', `Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `Release ${version}`);
  print(`${version} is committed and tagged. To publish it:\n`);
  print('  git push --follow-tags');
  print(`  npm publish .data/npm/xero-webhooks-${version}.tgz --provenance  (in CI, which the registry trusts)`);
}

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const run: Run = (file, ...words) => void execFileSync(file, words, { cwd: root, stdio: 'inherit' });
  const print = (text: string): void => void process.stdout.write(`${text}\n`);
  try {
    release({ root, run, date: new Date().toISOString().slice(0, 10), print });
    await packNpm(join(root, '.data/npm'));
  } catch (error) {
    process.stderr.write(`no release: ${(error as Error).message}\n`);
    process.exitCode = 1;
  }
}
