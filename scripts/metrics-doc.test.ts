import { readFileSync } from 'node:fs';
import { METRICS } from '@xero-webhooks/runtime';
import { ROOT } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { metricsDoc } from './metrics-doc.ts';

it('docs/metrics.md is what "pnpm run docs" writes, and has every metric once', () => {
  const current = readFileSync(`${ROOT}docs/metrics.md`, 'utf8');
  expect(current, 'docs/metrics.md is out of date: run "pnpm run docs"').toBe(metricsDoc());
  for (const name of Object.keys(METRICS)) expect(current.split(`**\`${name}\`**`)).toHaveLength(2);
});
