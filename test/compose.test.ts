import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variables } from '@xero-webhooks/runtime';
import { loadConfig } from '@xero-webhooks/runtime';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { boardVariables } from '@xero-webhooks/configuration/board';
import { ingressVariables } from '@xero-webhooks/configuration/ingress';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import { ROOT } from '@xero-webhooks/testing';

type Service = {
  image: string;
  profiles?: string[];
  command: string[];
  user?: string;
  read_only?: boolean;
  privileged?: boolean;
  tmpfs?: string[];
  cap_add?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  container_name?: string;
  ports?: string[];
  volumes?: string[];
  environment?: Record<string, string>;
  secrets?: string[];
  depends_on?: Record<string, { condition: string }>;
  restart?: string;
  mem_limit?: string;
  pids_limit?: number;
  stop_grace_period?: string;
  healthcheck?: { test: string[] };
};
type Compose = { services: Record<string, Service>; secrets: Record<string, { file: string }> };

const text = readFileSync(`${ROOT}docker-compose.yml`, 'utf8');
const { services, secrets } = parse(text, { merge: true }) as Compose;
const dockerfile = readFileSync(`${ROOT}Dockerfile`, 'utf8');
const manifest = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  devDependencies: Record<string, string>;
};

const apps: [name: string, variables: Variables, adminPort: string][] = [
  ['ingress', ingressVariables, 'INGRESS_ADMIN_PORT'],
  ['worker', workerVariables, 'WORKER_ADMIN_PORT'],
  ['board', boardVariables, 'BOARD_ADMIN_PORT'],
];

/** What a process reads in its container, with something in every secret file. */
function configIn(name: string, variables: Variables): Record<string, unknown> {
  const secret = join(mkdtempSync(join(tmpdir(), 'xw-compose-')), 'secret');
  writeFileSync(secret, 'anything\n');
  const environment = Object.entries(services[name]!.environment ?? {}).map(([variable, value]) => [
    variable,
    variable.endsWith('_FILE') ? secret : withoutVariables(value),
  ]);
  return loadConfig(variables, Object.fromEntries(environment) as Record<string, string>);
}

/** What Docker Compose makes of a value where none of the variables in it is set. */
function withoutVariables(value: string): string {
  return value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1');
}

/** A size as Docker and Redis write it. */
function bytesOf(size: string): number {
  const [, number, unit] = /^(\d+)([mg])b?$/.exec(size)!;
  return Number(number) * (unit === 'g' ? 2 ** 30 : 2 ** 20);
}

/** Whether a line names an image by its digest, or the line above says why it does not. */
function isPinned(lines: readonly string[], line: string): boolean {
  return line.includes('@sha256:') || /^ *# A tag, not a digest: /.test(lines[lines.indexOf(line) - 1] ?? '');
}

describe('docker-compose.yml', () => {
  it('has Redis and the three apps, and what watches them only where it is asked for', () => {
    const named = Object.groupBy(Object.entries(services), ([, { profiles }]) => profiles?.join() ?? 'always');
    expect(Object.entries(named).map(([profile, of]) => [profile, of?.map(([name]) => name)])).toEqual([
      ['always', ['redis', 'ingress', 'worker', 'board']],
      ['observability', ['prometheus', 'grafana', 'jaeger']],
    ]);
  });

  it('lets nobody outside reach what watches, and mounts files that are there', () => {
    const [prometheus, grafana, jaeger] = ['prometheus', 'grafana', 'jaeger'].map((name) => services[name]!);
    expect([prometheus!.ports, grafana!.ports, jaeger!.ports]).toEqual([
      undefined,
      ['127.0.0.1:3002:3000'],
      ['127.0.0.1:16686:16686'],
    ]);
    const mounted = [...prometheus!.volumes!, ...grafana!.volumes!].filter((volume) => volume.startsWith('./'));
    expect(mounted).toHaveLength(3);
    for (const volume of mounted) {
      const [folder, , mode] = volume.split(':');
      expect([existsSync(`${ROOT}${folder!}`), mode]).toEqual([true, 'ro']);
    }
  });

  it.each(Object.entries(services))('gives %s no more rights than it needs, and a health check', (_name, service) => {
    expect(service.user).toMatch(/^(?!root\b|0\b)\w+$/);
    expect(service).toMatchObject({
      read_only: true,
      tmpfs: ['/tmp'],
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
    });
    expect([service.privileged, service.cap_add]).toEqual([undefined, undefined]);
    expect(service.healthcheck!.test.length).toBeGreaterThan(1);
  });

  it('runs a Redis that confirms nothing before it is on disk, never evicts, and is not published', () => {
    const { command, ports, volumes } = services['redis']!;
    const flags = Object.fromEntries(
      command.flatMap((word, index) => (word.startsWith('--') ? [[word.slice(2), command[index + 1]]] : [])),
    );
    expect(command[0]).toBe('redis-server');
    expect(flags).toMatchObject({ appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' });
    expect(flags['maxmemory']).toMatch(/^\d+[mg]b$/);
    expect(volumes).toEqual(['redis-data:/data']);
    expect(ports).toBeUndefined();
  });

  it.each(Object.entries(services))('bounds the memory and the processes of %s', (_name, service) => {
    expect(bytesOf(service.mem_limit!)).toBeGreaterThanOrEqual(256 * 2 ** 20);
    expect(service.pids_limit).toBeGreaterThanOrEqual(64);
  });

  it('gives Redis room to rewrite its file', () => {
    const { command, mem_limit: limit } = services['redis']!;
    const data = bytesOf(command[command.indexOf('--maxmemory') + 1]!);
    expect(bytesOf(limit!)).toBeGreaterThan(2 * data);
  });

  it('says why it takes an image by its tag where it has no digest', () => {
    const lines = text.split('\n');
    const fromOutside = lines.filter((line) => /^ +image: (?!xero-webhooks$)/.test(line));
    expect(fromOutside).toHaveLength(4);
    for (const line of fromOutside) expect(isPinned(lines, line)).toBe(true);
  });

  it('lets the worker be scaled', () => {
    const { ports, container_name: containerName } = services['worker']!;
    expect([ports, containerName]).toEqual([undefined, undefined]);
  });

  it('publishes the webhook to all, and the board to this machine alone', () => {
    const config = { ...configIn('ingress', ingressVariables), ...configIn('board', boardVariables) };
    expect(services['ingress']!.ports).toEqual([`3000:${String(config['INGRESS_PORT'])}`]);
    expect(services['board']!.ports).toEqual([`127.0.0.1:3001:${String(config['BOARD_PORT'])}`]);
    expect([config['INGRESS_HOST'], config['BOARD_HOST']]).toEqual(['0.0.0.0', '0.0.0.0']);
  });

  describe.each(apps)('for the %s', (name, variables, adminPort) => {
    const service = services[name]!;
    const environment = service.environment ?? {};

    it('runs the program', () => {
      expect(service.command).toEqual([name]);
      expect(existsSync(`${ROOT}apps/${name}/src/main.ts`)).toBe(true);
    });

    it('sets variables that it reads, to values that it takes', () => {
      const known = Object.entries(variables).flatMap(([variable, { secret }]) =>
        secret ? [variable, `${variable}_FILE`] : [variable],
      );
      expect(known).toEqual(expect.arrayContaining(Object.keys(environment)));
      expect(configIn(name, variables)).toMatchObject({ REDIS_URL: 'redis://redis:6379', ADMIN_HOST: '127.0.0.1' });
    });

    it('takes its secrets from files that neither git nor the image has', () => {
      // The address of a Redis that nobody outside can reach holds none.
      const inFull = Object.keys(environment).filter((variable) => variables[variable]?.secret);
      expect(inFull).toEqual(['REDIS_URL']);
      const files = Object.entries(environment).filter(([variable]) => variable.endsWith('_FILE'));
      expect(files.map(([, path]) => path)).toEqual((service.secrets ?? []).map((secret) => `/run/secrets/${secret}`));
      for (const secret of service.secrets ?? []) {
        const { file } = secrets[secret]!;
        expect(file).toBe(`./secrets/${secret}`);
        expect(execFileSync('git', ['check-ignore', file], { cwd: ROOT, encoding: 'utf8' }).trim()).toBe(file);
      }
    });

    it('asks its admin port whether it is ready', () => {
      const [, address = ''] = /fetch\('([^']+)'\)/.exec(service.healthcheck!.test.join(' ')) ?? [];
      expect(address).toBe(`http://127.0.0.1:${String(configIn(name, variables)[adminPort])}/readyz`);
    });

    it('waits for Redis, and has time to stop', () => {
      expect(service.depends_on).toEqual({ redis: { condition: 'service_healthy' } });
      const deadline = Number(configIn(name, variables)['SHUTDOWN_DEADLINE_MS']);
      expect(Number(/^(\d+)s$/.exec(service.stop_grace_period!)![1]) * 1_000).toBeGreaterThan(deadline);
    });
  });
});

describe('the image', () => {
  const lines = dockerfile.split('\n');
  const startingWith = (word: string): string[] => lines.filter((line) => line.startsWith(`${word} `));

  it('brings the Node that the workspace is tested with', () => {
    const stages = startingWith('FROM');
    expect(stages[0]).toBe(`FROM node:${manifest.devDependencies['node']}-bookworm-slim AS base`);
    expect(stages.slice(1).every((stage) => /^FROM base\b/.test(stage))).toBe(true);
    expect(isPinned(lines, stages[0]!)).toBe(true);
  });

  it('runs a process or a command, by its name', () => {
    expect(startingWith('ENTRYPOINT')).toEqual(['ENTRYPOINT ["node", "/app/apps/cli/src/main.ts"]']);
    expect(startingWith('CMD')).toEqual(['CMD ["ingress"]']);
  });

  it('asks the admin port of each process whether it is ready', () => {
    const [check = ''] = startingWith('HEALTHCHECK').map((line) => lines[lines.indexOf(line) + 1]!);
    const ports = apps.map(([name, variables, adminPort]) => configIn(name, variables)[adminPort]);
    expect(check).toContain(`[${ports.join(', ')}].map(`);
  });

  it('says what it is, and from which version of Node and of itself', () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}packages/xero-webhooks/package.json`, 'utf8')) as {
      version: string;
    };
    expect(startingWith('ARG')[0]).toBe(`ARG VERSION=${version}`);
    expect(dockerfile).toContain(`base.name="docker.io/library/${/^FROM (\S+)/m.exec(dockerfile)![1]}"`);
  });

  it('does not run as root', () => {
    expect(startingWith('USER')).toEqual(['USER node']);
  });

  it('has no secret and no local file in it', () => {
    const ignored = readFileSync(`${ROOT}.dockerignore`, 'utf8').split('\n');
    expect(ignored[ignored.findIndex((line) => !line.startsWith('#'))]).toBe('*');
    expect(ignored).toEqual(expect.arrayContaining(['**/.env', '**/secrets', '**/.data', '**/node_modules']));
    const copied = startingWith('COPY').filter((line) => !line.includes('--from='));
    const allowed = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    const sources = copied.flatMap((line) => line.split(' ').slice(1, -1));
    expect(
      allowed.filter((path) => !sources.some((source) => path === source || path.startsWith(`${source}/`))),
    ).toEqual([]);
    expect(allowed.filter((path) => path.startsWith('apps'))).toEqual([
      'apps/board',
      'apps/cli',
      'apps/ingress',
      'apps/worker',
    ]);
  });
});
