import { describe, expect, it, onTestFinished } from 'vitest';
import type { AdminServer } from './admin-server.ts';
import { startAdminServer } from './admin-server.ts';
import { createMetrics } from './metrics/create-metrics.ts';
import { counterOf, gaugeOf } from './metrics/metric.ts';

type Options = Parameters<typeof startAdminServer>[0];

async function start(options: Partial<Options> = {}): Promise<AdminServer> {
  const server = await startAdminServer({
    host: '127.0.0.1',
    port: 0,
    variable: 'WORKER_ADMIN_PORT',
    metrics: createMetrics('worker'),
    isReady: async () => true,
    ...options,
  });
  onTestFinished(() => server.close());
  return server;
}

async function ask(server: AdminServer, path: string): Promise<[status: number, body: string]> {
  const answer = await fetch(`${server.url}${path}`);
  return [answer.status, await answer.text()];
}

describe('the admin server', () => {
  it('says at /healthz that the process is alive, ready or not', async () => {
    expect(await ask(await start(), '/healthz')).toEqual([200, 'ok\n']);
    expect(await ask(await start({ isReady: async () => false }), '/healthz')).toEqual([200, 'ok\n']);
  });

  it('says at /readyz whether the process can do its work, each time anew', async () => {
    let ready = false;
    const server = await start({ isReady: async () => ready });
    expect(await ask(server, '/readyz')).toEqual([503, 'not ready: Redis does not answer\n']);
    ready = true;
    expect(await ask(server, '/readyz')).toEqual([200, 'ready\n']);
  });

  it('says at /readyz that the process is not ready where it cannot tell', async () => {
    const server = await start({ isReady: () => Promise.reject(new Error('no')) });
    expect(await ask(server, '/readyz')).toEqual([503, 'not ready\n']);
  });

  it('has metrics of the process and of its work, with the name of the process', async () => {
    const metrics = createMetrics('worker');
    counterOf(metrics, 'xw_events_unreadable_total').inc(3);
    const answer = await fetch(`${(await start({ metrics })).url}/metrics?name[]=xw_jobs_total`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const text = await answer.text();
    expect(text).toContain('xw_events_unreadable_total{app="worker"} 3\n');
    expect(text).toMatch(/^xw_build_info\{release="\d+\.\d+\.\d+",node="v26\.[\d.]+",app="worker"\} 1$/m);
    expect(text).toMatch(/^process_cpu_seconds_total\{app="worker"\} /m);
  });

  it('says where metrics cannot be read', async () => {
    const metrics = createMetrics('worker');
    gaugeOf(metrics, 'xw_workers', () => Promise.reject(new Error('no')));
    expect(await ask(await start({ metrics }), '/metrics')).toEqual([500, 'the metrics cannot be read\n']);
  });

  it.each(['/', '/webhook', '/healthz/', '//healthz', '/READYZ'])('has nothing at %s', async (path) => {
    expect(await ask(await start(), path)).toEqual([404, 'there is /healthz, /readyz and /metrics\n']);
  });

  it('names the variable to change where its port is taken', async () => {
    const port = Number(new URL((await start()).url).port);
    await expect(start({ port })).rejects.toMatchObject({
      code: 'XW_PORT_TAKEN',
      message: `port ${port} on 127.0.0.1 is taken: set WORKER_ADMIN_PORT to another port, or 0 for any free one`,
    });
  });

  it('closes though a connection is still open', async () => {
    const server = await start();
    await fetch(`${server.url}/healthz`, { headers: { connection: 'keep-alive' } });
    await server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow('fetch failed');
  });
});
