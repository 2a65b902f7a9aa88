import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '@xero-webhooks/testing';

const text = readFileSync(`${ROOT}docs/guarantees.md`, 'utf8');
const rows = text
  .split('\n## Faults\n')[1]!
  .split('\n## ')[0]!
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .slice(2);

describe('each row of the table of faults', () => {
  it.each(rows)('names a test that is there: %s', (row) => {
    const references = [...row.matchAll(/([\w./-]+\.test\.ts): `([^`]+)`/g)];
    expect(references).not.toHaveLength(0);
    for (const [, file, name] of references) {
      expect(existsSync(`${ROOT}${file}`)).toBe(true);
      expect(readFileSync(`${ROOT}${file}`, 'utf8')).toContain(name);
    }
  });
});
