import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ROOT } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { brokenLinks, proseOf } from './support/links.ts';

/** What begins with one of these is a path from the root of the repository. */
const PATH = /^(?:apps|packages|test|scripts|docs|\.ci|\.github)\/[\w./-]*$/;

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
});
// The readme of the package lies at its root, and is looked at there.
const documents = listed
  .split('\n')
  .filter((file) => file.endsWith('.md') && existsSync(ROOT + file) && file !== 'packages/xero-webhooks/README.md');

it('finds the documents at the root and below it', () => {
  expect(documents).toEqual(expect.arrayContaining(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/README.md']));
});

describe.each(documents)('%s', (document) => {
  it('names paths that exist', () => {
    const quoted = [...proseOf(ROOT + document).matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);
    expect(quoted.filter((text) => PATH.test(text) && !existsSync(ROOT + text))).toEqual([]);
  });

  it('links to files and headings that exist', () => {
    expect(brokenLinks(ROOT, document)).toEqual([]);
  });
});

describe('docs/README.md', () => {
  it('links to every other document', () => {
    const index = proseOf(`${ROOT}docs/README.md`);
    const others = documents.filter((document) => document.startsWith('docs/') && document !== 'docs/README.md');
    expect(others.filter((document) => !index.includes(`](${document.slice('docs/'.length)}`))).toEqual([]);
  });
});
