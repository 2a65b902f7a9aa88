import type { MetricApp, MetricEntry } from '@xero-webhooks/runtime';
import { METRICS } from '@xero-webhooks/runtime';
import { ROOT, testPrefix, until } from '@xero-webhooks/testing';
import { startFakeXero, xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { post, startBoard, startIngress, startWorker } from './support/system.ts';

const read = async ({ admin }: { admin: string }): Promise<string> => (await fetch(`${admin}/metrics`)).text();

/** The metrics of ours that a process shows, with their kinds. */
function shown(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^# TYPE (xw_\w+) (\w+)$/gm)].map(([, name, kind]) => [name!, kind!] as const),
  );
}

function expected(app: MetricApp): Record<string, string> {
  const own = Object.entries<MetricEntry>(METRICS).filter(([, { apps }]) => apps.includes(app));
  return Object.fromEntries(own.map(([name, { kind }]) => [name, kind]));
}

/** The value of one series. */
function valueOf(text: string, series: string): number | undefined {
  const line = text.split('\n').find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

describe('the metrics', () => {
  it('are those of the catalogue, in each process', async () => {
    const prefix = testPrefix();
    const xero = await startFakeXero();
    onTestFinished(xero.stop);
    const handled = join(mkdtempSync(join(tmpdir(), 'xw-metrics-')), 'handled');
    const environment = {
      ...xero.environment,
      TOKEN_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
      HANDLED_FILE: handled,
    };
    const [ingress, worker, board] = await Promise.all([
      startIngress(prefix),
      startWorker(prefix, `${ROOT}test/support/recording-handlers.ts`, environment),
      startBoard(prefix, environment),
    ]);
    expect(shown(await read(ingress))).toEqual(expected('ingress'));
    expect(shown(await read(worker))).toEqual(expected('worker'));
    expect(shown(await read(board))).toEqual(expected('board'));
  });

  it('count requests, events by name, duplicates and attempts, and what waits', async () => {
    const prefix = testPrefix();
    const ingress = await startIngress(prefix);
    const event = (resourceId: string, category: string) =>
      xeroEvent({ category, type: 'update', resourceId, tenantId: 't-1', dateUtc: '2026-01-01T00:00:00' });
    const [one, other] = [event('one', 'invoice'), event('two', 'contact')];
    await post(ingress.url, xeroBody([one, other], 1));
    await post(ingress.url, xeroBody([one, event('three', 'surprise')], 3));
    await post(ingress.url, Buffer.from('no JSON'));
    const before = await read(ingress);
    const of = (series: string): number | undefined => valueOf(before, series);
    expect(of('xw_requests_total{outcome="accepted",status="200",app="ingress"}')).toBe(2);
    expect(of('xw_requests_total{outcome="unreadable",status="400",app="ingress"}')).toBe(1);
    expect(of('xw_events_accepted_total{event="invoice.updated",app="ingress"}')).toBe(2);
    expect(of('xw_events_accepted_total{event="contact.updated",app="ingress"}')).toBe(1);
    expect(of('xw_events_accepted_total{event="other",app="ingress"}')).toBe(1);
    expect(of('xw_events_duplicate_total{event="invoice.updated",app="ingress"}')).toBe(1);
    expect(of('xw_queue_events{state="waiting",app="ingress"}')).toBe(3);
    expect(of('xw_oldest_waiting_seconds{app="ingress"}')).toBeGreaterThan(0);
    expect(of('xw_quarantined_bodies{app="ingress"}')).toBe(1);
    expect(of('xw_workers{app="ingress"}')).toBe(0);
    expect(of('xw_redis_usable{app="ingress"}')).toBe(1);

    const handled = join(mkdtempSync(join(tmpdir(), 'xw-metrics-')), 'handled');
    const worker = await startWorker(prefix, `${ROOT}test/support/recording-handlers.ts`, { HANDLED_FILE: handled });
    await until(
      async () => valueOf(await read(worker), 'xw_jobs_total{outcome="handled",app="worker"}') === 3,
      'all three to be handled',
    );
    await until(
      async () => valueOf(await read(ingress), 'xw_queue_events{state="handled",app="ingress"}') === 3,
      'the ingress to show it',
    );
    expect(valueOf(await read(ingress), 'xw_workers{app="ingress"}')).toBe(1);
  });
});
