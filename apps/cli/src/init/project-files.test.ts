import { ingressVariables } from '@xero-webhooks/configuration/ingress';
import { boardVariables } from '@xero-webhooks/configuration/board';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import { loadConfig } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFiles } from './project-files.ts';

type Service = {
  command: string[] | string;
  environment?: Record<string, string>;
  healthcheck: { test: string[] };
  ports?: string[];
  read_only?: boolean;
  cap_drop?: string[];
};

const files = projectFiles({ name: 'mine', language: 'typescript', isModule: true });
const { services } = parse(files['compose.yaml']!, { merge: true }) as { services: Record<string, Service> };

/** What people put into .env. */
const FILLED_IN = { XERO_WEBHOOK_KEY: 'k', BOARD_PASSWORD: 'p' };

describe('the compose file of a new project', () => {
  it('runs Redis and the three processes, with few rights', () => {
    expect(Object.keys(services)).toEqual(['redis', 'ingress', 'worker', 'board']);
    for (const name of ['ingress', 'worker', 'board']) {
      expect(services[name]).toMatchObject({ command: [name], read_only: true, cap_drop: ['ALL'] });
    }
  });

  it.each([
    ['ingress', ingressVariables, 'INGRESS_ADMIN_PORT', 'INGRESS_PORT', 'INGRESS_HOST'],
    ['worker', workerVariables, 'WORKER_ADMIN_PORT', undefined, undefined],
    ['board', boardVariables, 'BOARD_ADMIN_PORT', 'BOARD_PORT', 'BOARD_HOST'],
  ] as const)(
    'gives the %s what it needs, and asks it whether it is ready',
    (name, variables, adminPort, port, host) => {
      const { environment, healthcheck, ports } = services[name]!;
      const config: Record<string, unknown> = loadConfig(variables, { ...FILLED_IN, ...environment });
      expect(config['REDIS_URL']).toBe('redis://redis:6379');
      expect(healthcheck.test.at(-1)).toContain(`http://127.0.0.1:${String(config[adminPort])}/readyz`);
      const published = port === undefined ? undefined : [`127.0.0.1:${String(config[port])}:${String(config[port])}`];
      expect(ports).toEqual(published);
      if (host !== undefined) expect(config[host]).toBe('0.0.0.0');
    },
  );

  it('has a Redis that loses nothing', () => {
    for (const words of [
      '--appendonly yes',
      '--appendfsync always',
      '--maxmemory-policy noeviction',
      '--maxmemory 1gb',
    ]) {
      expect(services['redis']!.command).toContain(words);
    }
  });
});

describe('the files of a new project', () => {
  it('name each other', () => {
    expect(files['Dockerfile']).toContain('HANDLERS=src/handlers.ts\n');
    expect(files['README.md']).toContain('`src/handlers.ts`');
    expect(Object.keys(files)).toContain('src/handlers.test.ts');
  });

  it('keep secrets out of git and of the image', () => {
    for (const file of ['.gitignore', '.dockerignore']) expect(files[file]!.split('\n')).toContain('.env');
  });

  it('name only variables that there are', () => {
    const known = { ...ingressVariables, ...workerVariables, ...boardVariables };
    const named = [...files['.env.example']!.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, variable]) => variable!);
    expect(named.filter((variable) => !Object.hasOwn(known, variable))).toEqual([]);
  });
});
