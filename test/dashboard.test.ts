import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { ALERTS } from '@xero-webhooks/monitoring';
import { METRICS } from '@xero-webhooks/runtime';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { ROOT, until } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dashboardJson, ROWS } from '../scripts/dashboard.ts';
import { describeWithPrometheus, startPrometheus } from './support/prometheus.ts';
import { post, startIngress } from './support/system.ts';
import { xeroSystem } from './support/xero-system.ts';

const PANELS = ROWS.flatMap(({ panels }) => panels);
const QUERIES = PANELS.flatMap(({ title, queries }) => queries.map(([expr]) => [title, expr] as const));

describe('the dashboard', () => {
  it('is what "pnpm run docs" writes', () => {
    const file = 'deploy/grafana/dashboards/xero-webhooks.json';
    const current: unknown = JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'));
    expect(current, `${file} is out of date: run "pnpm run docs"`).toEqual(JSON.parse(dashboardJson()));
  });

  it.each(QUERIES)('asks only for metrics that there are: %s', (_title, expr) => {
    const names = (expr.match(/\bxw_\w+/g) ?? []).map((name) => name.replace(/_bucket$/, ''));
    for (const name of names) expect(Object.keys(METRICS)).toContain(name);
  });

  it('has no panel upon another', () => {
    const { panels } = JSON.parse(dashboardJson()) as {
      panels: { gridPos: { x: number; y: number; w: number; h: number } }[];
    };
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`)).toBe(false);
          taken.add(`${x} ${y}`);
        }
      }
    }
  });

  it('is where Grafana looks, over the Prometheus of the same network', () => {
    const folder = `${ROOT}deploy/grafana/provisioning/`;
    const read = (file: string): unknown => parse(readFileSync(`${folder}${file}`, 'utf8'));
    expect(read('datasources/prometheus.yml')).toMatchObject({ datasources: [{ url: 'http://prometheus:9090' }] });
    expect(read('dashboards/dashboards.yml')).toMatchObject({
      providers: [{ options: { path: '/var/lib/grafana/dashboards' } }],
    });
  });
});

describeWithPrometheus('Prometheus', () => {
  it('has data for every panel, and can evaluate every rule', async () => {
    const { prefix, xero, startWorkers, untilRead } = await xeroSystem();
    const environment = { ALERT_INTERVAL_S: '1' };
    const ingress = await startIngress(prefix, environment);
    const [worker] = await startWorkers(1, { ...environment, RETRY_BASE_MS: '100', RETRY_ATTEMPTS: '3' });
    const prometheus = await startPrometheus([ingress.admin, worker!.admin]);
    const { tenantId } = xero.organisations[0]!;

    let sequence = 1;
    async function sendSome(): Promise<void> {
      const { resourceId } = xero.change({ category: 'invoice', notify: false });
      const events = [resourceId, 'no-such-invoice'].map((id) =>
        xeroEvent({ category: 'invoice', type: 'update', resourceId: id, tenantId, dateUtc: new Date().toISOString() }),
      );
      const body = xeroBody(events, sequence);
      sequence += events.length;
      // The second time, the queue has them already.
      expect((await post(ingress.url, body)).status).toBe(200);
      expect((await post(ingress.url, body)).status).toBe(200);
    }

    await sendSome();
    await untilRead(1);
    let empty: string[] = [];
    await until(async () => {
      // A rate needs events that go on, but no more than Xero lets be read.
      await wait(500);
      await sendSome();
      empty = await emptyPanels(prometheus.query);
      return empty.length === 0;
    }, 'every panel to have data').catch(() => {});
    expect(empty).toEqual([]);

    const rules = await prometheus.rules();
    expect(rules.map(({ name }) => name)).toEqual(Object.keys(ALERTS));
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
    await until(async () => {
      const dead = (await prometheus.rules()).find(({ name }) => name === 'dead-letter');
      return dead?.state === 'firing';
    }, 'the rule for dead letters to fire');
  });
});

/** The queries of panels that have no number to show. */
async function emptyPanels(
  query: (expr: string) => Promise<readonly { value: readonly [number, string] }[]>,
): Promise<string[]> {
  const answers = await Promise.all(QUERIES.map(([, expr]) => query(expr.replaceAll('$__rate_interval', '10s'))));
  return QUERIES.flatMap(([title, expr], at) =>
    answers[at]!.some(({ value: [, number] }) => Number.isFinite(Number(number))) ? [] : [`${title}: ${expr}`],
  );
}
