import { readFileSync } from 'node:fs';
import { RESOURCE_KINDS } from '@xero-webhooks/handlers';
import { ROOT } from '@xero-webhooks/testing';
import { KNOWN_CATEGORIES } from '@xero-webhooks/webhook';
import { describe, expect, it } from 'vitest';

const text = readFileSync(`${ROOT}docs/xero.md`, 'utf8');

/** The cells of each line of the table that begins with a head, without its padding. */
function tableAfter(head: string): string[][] {
  const lines = text.slice(text.search(head)).split('\n\n')[0]!.split('\n');
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/xero.md', () => {
  it('has a row for each kind of resource', () => {
    const rows = Object.entries(RESOURCE_KINDS).map(([category, { path, scope, readsManyByIds }]) => [
      `\`${category}\``,
      `\`${path}\``,
      `\`${scope}\``,
      readsManyByIds ? 'yes' : 'no',
    ]);
    expect(tableAfter(String.raw`\| events of +\|`)).toEqual(rows);
  });
});

describe('README.md', () => {
  it.each(KNOWN_CATEGORIES)('names the category %s', (category) => {
    expect(readFileSync(`${ROOT}README.md`, 'utf8')).toContain(`\`${category}\``);
  });
});
