import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { boardVariables } from '@xero-webhooks/configuration/board';
import { ingressVariables } from '@xero-webhooks/configuration/ingress';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import { freePort } from '@xero-webhooks/local-redis';
import type { Variables } from '@xero-webhooks/runtime';
import { loadConfig, METRICS } from '@xero-webhooks/runtime';
import { describeWithRedisBinary, ROOT, testClient, until } from '@xero-webhooks/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Manifest, Workload } from './support/kubernetes.ts';
import { FOLDER, kustomizations, manifests } from './support/kubernetes.ts';

const ALL = manifests();

/** The module that has the schema of a kind, and its types. */
function moduleOf({ apiVersion, kind }: Manifest): string {
  const from: Readonly<Record<string, string>> = {
    'keda.sh': '@kubernetes-models/keda',
    'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  };
  return `${from[apiVersion.split('/')[0]!] ?? 'kubernetes-models'}/${apiVersion}/${kind}`;
}

const workload = (name: string): Workload =>
  ALL.find((one) => one.metadata.name === `xero-webhooks-${name}` && one.spec && 'template' in one.spec) as Workload;

/** What each process reads, and its ports. */
const APPS: [name: string, variables: Variables, ports: Record<string, string>][] = [
  ['ingress', ingressVariables, { http: 'INGRESS_PORT', metrics: 'INGRESS_ADMIN_PORT' }],
  ['worker', workerVariables, { metrics: 'WORKER_ADMIN_PORT' }],
  ['board', boardVariables, { http: 'BOARD_PORT', metrics: 'BOARD_ADMIN_PORT' }],
];

/** Something that each secret may be. */
const SECRETS: Readonly<Record<string, string>> = {
  REDIS_URL: 'redis://:secret@xero-webhooks-redis:6379',
  ALERT_URL: 'https://hooks.example.com/alerts',
  FORWARD_URL: 'https://books.example.com/xero',
  FORWARD_SECRET: `whsec_${Buffer.alloc(32, 1).toString('base64')}`,
  TOKEN_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
};

/** The environment of a process in its pod. */
function environmentOf(name: string): Record<string, string> {
  const common = ALL.find(({ kind }) => kind === 'ConfigMap')!.data!;
  const own = workload(name).spec.template.spec.containers[0].env ?? [];
  return {
    ...common,
    ...Object.fromEntries(own.map((one) => [one.name, one.value ?? SECRETS[one.name] ?? 'anything'])),
  };
}

const mebibytes = (size: string): number => {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(size)!;
  return Number(number) * (unit === 'Gi' ? 1_024 : 1);
};

describe('the manifests for Kubernetes', () => {
  it.each(ALL.map((one) => [`${one.kind} ${one.metadata.name}`, one] as const))(
    'have a value that fits in each field of %s',
    async (_name, manifest) => {
      const { file: _file, ...rest } = manifest;
      const { [manifest.kind]: Model } = (await import(moduleOf(manifest))) as Record<
        string,
        new (data: unknown) => { validate(): void }
      >;
      expect(() => new Model!(rest).validate()).not.toThrow();
    },
  );

  it('have no field that Kubernetes, KEDA or the Prometheus operator do not know', { timeout: 60_000 }, () => {
    const dir = `${ROOT}test-artifacts/kubernetes`;
    mkdirSync(dir, { recursive: true });
    const checked = ALL.map(({ file: _file, ...manifest }, at) => {
      const type = `I${manifest.kind}`;
      return `import type { ${type} as T${at} } from '${moduleOf(manifest as Manifest)}';\nexport const m${at}: T${at} = ${JSON.stringify(manifest, undefined, 1)};\n`;
    });
    writeFileSync(`${dir}/manifests.ts`, checked.join('\n'));
    const words = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--types',
      'node',
      '--ignoreConfig',
    ];
    const tsc = [`${ROOT}node_modules/typescript/bin/tsc`, ...words, `${dir}/manifests.ts`];
    const complaints = (() => {
      try {
        return execFileSync(process.execPath, tsc, { encoding: 'utf8' });
      } catch (error) {
        return (error as { stdout: string }).stdout;
      }
    })();
    expect(complaints).toBe('');
  });

  it('name files that are there, and leave none out', () => {
    const named = new Set<string>();
    for (const { file, resources, components } of kustomizations()) {
      for (const path of [...resources, ...components]) {
        const there = join(dirname(file), path);
        expect([there, existsSync(join(FOLDER, there))]).toEqual([there, true]);
        named.add(there);
      }
    }
    for (const { file } of ALL) expect([...named]).toContain(file);
  });

  it('take every secret from the one Secret, and have none in them', () => {
    for (const [name, variables] of APPS) {
      for (const { name: variable, value, valueFrom } of workload(name).spec.template.spec.containers[0].env ?? []) {
        expect([variable, variables[variable]!.secret || variable === 'XERO_CLIENT_ID']).toEqual([
          variable,
          value === undefined,
        ]);
        if (valueFrom) expect(valueFrom.secretKeyRef.name).toBe('xero-webhooks');
      }
    }
  });

  it('ask only for metrics that there are', () => {
    const text = JSON.stringify(ALL.filter(({ apiVersion }) => apiVersion.startsWith('keda')));
    const names = text.match(/\bxw_\w+/g)!;
    expect(names).toHaveLength(2);
    for (const name of names) expect(Object.keys(METRICS)).toContain(name);
  });

  it('select pods that there are', () => {
    const pods = ALL.flatMap((one) =>
      one.spec && 'template' in one.spec ? [(one as Workload).spec.template.metadata.labels] : [],
    );
    const selectors = [...JSON.stringify(ALL).matchAll(/"matchLabels":(\{"app[^}]*\})/g)].map(
      ([, json]) => JSON.parse(json!) as Record<string, string>,
    );
    expect(selectors.length).toBeGreaterThan(8);
    for (const selector of selectors) {
      const chosen = pods.filter((labels) => Object.entries(selector).every(([key, value]) => labels[key] === value));
      expect([selector, chosen.length > 0]).toEqual([selector, true]);
    }
  });

  describe.each(APPS)('for the %s', (name, variables, ports) => {
    const { containers, ...pod } = workload(name).spec.template.spec;
    const [container] = containers;
    const config = (): Record<string, unknown> => loadConfig(variables, environmentOf(name));

    it('run it without rights that it does not need', () => {
      expect(container.args).toEqual([name]);
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(mebibytes(container.resources.limits.memory)).toBeGreaterThanOrEqual(
        mebibytes(container.resources.requests.memory),
      );
    });

    it('set variables that it reads, to values that it takes', () => {
      const shared = ALL.find(({ kind }) => kind === 'ConfigMap')!.data!;
      for (const variable of [...Object.keys(shared), ...(container.env ?? []).map((one) => one.name)]) {
        expect(Object.keys(variables)).toContain(variable);
      }
      expect(config()).toMatchObject({ ADMIN_HOST: '0.0.0.0', REDIS_URL: SECRETS['REDIS_URL'] });
    });

    it('name the ports on which it listens, and probe them', () => {
      const named = Object.fromEntries(container.ports.map((port) => [port.name, port.containerPort]));
      expect(named).toEqual(
        Object.fromEntries(Object.entries(ports).map(([port, variable]) => [port, config()[variable]])),
      );
      for (const probe of [container.readinessProbe, container.livenessProbe]) {
        expect(['/healthz', '/readyz']).toContain(probe?.httpGet?.path);
        expect(Object.keys(named)).toContain(probe?.httpGet?.port);
      }
    });

    it('give it time to stop', () => {
      const waitS = container.lifecycle?.preStop?.sleep?.seconds ?? 0;
      const deadlineS = Number(config()['SHUTDOWN_DEADLINE_MS']) / 1_000;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(waitS + deadlineS);
    });
  });
});

describeWithRedisBinary('the Redis of the overlay', () => {
  it('starts as its manifest says, with the password, keeps what it is given, and ends when it is told', async () => {
    const [container] = workload('redis').spec.template.spec.containers;
    const dir = mkdtempSync(join(tmpdir(), 'xw-kubernetes-redis-'));
    const port = await freePort();
    const command = container.args[0]!.replace('--dir /data', `--dir ${dir} --bind 127.0.0.1 --port ${port}`);
    const script = command.replaceAll('/tmp/redis.conf', `${dir}/redis.conf`);
    const child = spawn('sh', ['-c', script], {
      env: { ...process.env, REDIS_PASSWORD: 'correct-horse' },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const client = testClient(`redis://:correct-horse@127.0.0.1:${port}`);
    client.on('error', () => {});
    await until(async () => (await client.ping().catch(() => '')) === 'PONG', 'Redis to answer');
    for (const [name, value] of Object.entries({
      appendonly: 'yes',
      appendfsync: 'always',
      'maxmemory-policy': 'noeviction',
    })) {
      expect(await client.config('GET', name)).toEqual([name, value]);
    }
    client.disconnect();
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    expect(code).toBe(0);
  });
});
