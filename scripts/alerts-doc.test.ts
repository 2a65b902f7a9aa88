import { readFileSync } from 'node:fs';
import { ALERTS } from '@xero-webhooks/monitoring';
import { METRICS } from '@xero-webhooks/runtime';
import { ROOT } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { alertRules, alertsDoc, prometheusRule } from './alerts-doc.ts';

describe('the list of alerts', () => {
  it.each([
    ['docs/alerts.md', alertsDoc],
    ['deploy/prometheus/alerts.yml', alertRules],
    ['deploy/kubernetes/components/monitoring/rules.yaml', prometheusRule],
  ])('in %s is what "pnpm run docs" writes', (file, made) => {
    expect(readFileSync(`${ROOT}${file}`, 'utf8'), `${file} is out of date: run "pnpm run docs"`).toBe(made());
  });

  it.each(Object.entries(ALERTS))('has a rule for %s that asks only for metrics that there are', (_name, { rule }) => {
    const names = rule.expr.match(/\bxw_\w+/g) ?? [];
    expect(names).not.toEqual([]);
    for (const name of names) expect(Object.keys(METRICS)).toContain(name);
  });
});
