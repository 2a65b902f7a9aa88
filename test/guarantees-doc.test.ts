import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROOT } from '@xero-webhooks/testing';

const text = readFileSync(`${ROOT}docs/guarantees.md`, 'utf8');
/** Each fault, with what is listed below it. */
const faults = text.split('\n## Faults\n')[1]!.split('\n## ')[0]!.split(/^- /m).slice(1);

it('docs/guarantees.md lists the faults', () => {
  expect(faults.length).toBeGreaterThan(40);
});

describe('each fault in docs/guarantees.md', () => {
  it.each(faults)('names a test that is there: %s', (fault) => {
    const references = [...fault.matchAll(/([\w./-]+\.test\.ts): `([^`]+)`/g)];
    expect(references).not.toHaveLength(0);
    for (const [, file, name] of references) {
      expect(existsSync(`${ROOT}${file}`)).toBe(true);
      expect(readFileSync(`${ROOT}${file}`, 'utf8')).toContain(name);
    }
  });
});
