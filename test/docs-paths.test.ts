import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { anchorsOf } from './support/anchors.ts';

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

/** A document without its code blocks, which may quote paths of other places. */
function prose(document: string): string {
  return readFileSync(ROOT + document, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '');
}

it('finds the documents at the root and below it', () => {
  expect(documents).toEqual(expect.arrayContaining(['ARCHITECTURE.md', 'CONTRIBUTING.md', 'docs/README.md']));
});

describe.each(documents)('%s', (document) => {
  it('names paths that exist', () => {
    const quoted = [...prose(document).matchAll(/`([^`\n]+)`/g)].map(([, text]) => text!);
    expect(quoted.filter((text) => PATH.test(text) && !existsSync(ROOT + text))).toEqual([]);
  });

  it('links to files and headings that exist', () => {
    const links = [...prose(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
    const broken = links.filter((link) => {
      if (/^(?:https?|mailto):/.test(link)) return false;
      const [path, anchor] = link.split('#');
      const file = path === '' ? document : join(dirname(document), path!);
      if (!existsSync(ROOT + file)) return true;
      return anchor !== undefined && !anchorsOf(readFileSync(ROOT + file, 'utf8')).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('docs/README.md', () => {
  it('links to every other document', () => {
    const index = prose('docs/README.md');
    const others = documents.filter((document) => document.startsWith('docs/') && document !== 'docs/README.md');
    expect(others.filter((document) => !index.includes(`](${document.slice('docs/'.length)}`))).toEqual([]);
  });
});
