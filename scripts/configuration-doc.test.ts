import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ROOT } from '@xero-webhooks/testing';
import { configurationDoc } from './configuration-doc.ts';

it('docs/configuration.md is what "pnpm run docs" writes', () => {
  const current = readFileSync(`${ROOT}docs/configuration.md`, 'utf8');
  expect(current, 'docs/configuration.md is out of date: run "pnpm run docs"').toBe(configurationDoc());
});

it('docs/configuration.md shows no path of this machine', () => {
  expect(configurationDoc()).not.toContain(ROOT);
});
