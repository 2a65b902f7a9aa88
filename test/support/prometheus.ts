import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findExecutable, freePort } from '@xero-webhooks/local-redis';
import { describeIf, ROOT, until } from '@xero-webhooks/testing';
import { onTestFinished } from 'vitest';
import { stringify } from 'yaml';

const binary = findExecutable('prometheus', process.env['PATH'] ?? '');

/** What needs Prometheus itself. */
export const describeWithPrometheus: ReturnType<typeof describeIf> = describeIf(
  binary !== undefined,
  'prometheus on PATH',
);

type Sample = { readonly metric: Readonly<Record<string, string>>; readonly value: readonly [number, string] };

type Rule = { readonly name: string; readonly health: string; readonly state: string; readonly lastError?: string };

/**
 * Starts a Prometheus that reads the metrics of some processes every second, with our rules.
 *
 * @param admins the addresses of their admin ports
 */
export async function startPrometheus(admins: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'xw-prometheus-'));
  const config = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [`${ROOT}deploy/prometheus/alerts.yml`],
    scrape_configs: [{ job_name: 'xw', static_configs: [{ targets: admins.map((admin) => new URL(admin).host) }] }],
  };
  writeFileSync(join(dir, 'prometheus.yml'), stringify(config));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(
    binary!,
    [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
    ],
    { stdio: 'ignore' },
  );
  const gone = new Promise((resolve) => child.once('exit', resolve));
  onTestFinished(async () => {
    child.kill();
    await gone;
  });

  async function ask<Data>(path: string): Promise<Data> {
    const answer = (await (await fetch(`${url}/api/v1/${path}`)).json()) as { data: Data; error?: string };
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.data;
  }

  const isReady = (): Promise<boolean> =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(isReady, 'Prometheus to be ready');
  return {
    /** @throws what Prometheus has to say of the query */
    query: async (expr: string): Promise<readonly Sample[]> =>
      (await ask<{ result: readonly Sample[] }>(`query?query=${encodeURIComponent(expr)}`)).result,
    rules: async (): Promise<readonly Rule[]> =>
      (await ask<{ groups: readonly { rules: readonly Rule[] }[] }>('rules')).groups.flatMap(({ rules }) => rules),
  };
}
