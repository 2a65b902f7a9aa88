import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { explainedAt } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { anchorsOf } from './support/anchors.ts';
import { ROOT } from '@xero-webhooks/testing';

/** A whole code: not the beginning of one that is put together at run time. */
const CODE = /\bXW_[A-Z]+(?:_[A-Z]+)*(?![A-Z_])/g;
const CAUSES_SOURCE = 'packages/webhook/src/payload.ts';

const documentation = readFileSync(`${ROOT}docs/errors.md`, 'utf8');
const headings = [...documentation.matchAll(/^#{2,3} (.+)$/gm)].map(([, heading]) => heading!);

/** Our source, what is not committed yet too, without tests. */
function sources(): string[] {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--', 'apps', 'packages'];
  return execFileSync('git', listed, { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && existsSync(ROOT + file));
}

function codesIn(text: string): string[] {
  return [...new Set(text.match(CODE))].toSorted();
}

describe('docs/errors.md', () => {
  it('has a heading for each code in the source, and for no other', () => {
    const inSource = codesIn(
      sources()
        .map((file) => readFileSync(ROOT + file, 'utf8'))
        .join('\n'),
    );
    expect(inSource).toContain('XW_CONFIG');
    expect(headings.filter((heading) => heading.startsWith('XW_')).toSorted()).toEqual(inSource);
  });

  it('names no code that the source does not have', () => {
    expect(codesIn(documentation)).toEqual(headings.filter((heading) => heading.startsWith('XW_')).toSorted());
  });

  it('has the place that lines with a code name, for each code', () => {
    const codes = headings.filter((heading) => heading.startsWith('XW_'));
    const anchors = anchorsOf(documentation).map((anchor) => `docs/errors.md#${anchor}`);
    expect(anchors).toEqual(expect.arrayContaining(codes.map(explainedAt)));
    expect(explainedAt('XW_CONFIG')).toBe('docs/errors.md#xw_config');
  });

  it('has a heading for each cause of the quarantine', () => {
    const [, union = ''] = /type UnreadableCause = ([^;]+);/.exec(readFileSync(ROOT + CAUSES_SOURCE, 'utf8')) ?? [];
    const causes = [...union.matchAll(/'([^']+)'/g)].map(([, cause]) => cause!);
    expect(causes.length).toBeGreaterThan(0);
    expect(headings).toEqual(expect.arrayContaining([...causes, 'unreadable-events']));
  });
});
