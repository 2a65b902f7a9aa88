import { execFile, execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { xeroBody, xeroEvent } from '@xero-webhooks/fake-xero';
import { expect, inject, it } from 'vitest';
import type { AppProcess } from '@xero-webhooks/testing';
import { describeIf, ROOT, startProcess, testPrefix } from '@xero-webhooks/testing';
import { BUILT_FOR_ONE_SYSTEM, IMAGE_PACKAGES } from './support/image-packages.ts';
import { installedPackages, installImage } from './support/image.ts';
import { BOARD_LOGIN, post, startBoard, startIngress, startWorker } from './support/system.ts';

const image = installImage();
const folder = image?.folder ?? '';

describeIf(image !== undefined, 'the registry of packages')('the program in the image', () => {
  it('has the packages that run in production, and no others', () => {
    const installed = installedPackages(folder).filter((name) => !BUILT_FOR_ONE_SYSTEM.test(name));
    expect(installed).toEqual([...IMAGE_PACKAGES].toSorted());
  });

  it('has the three processes and the commands, and none of the packages that are for tests', () => {
    expect(readdirSync(`${folder}apps`).toSorted()).toEqual(['board', 'cli', 'ingress', 'worker']);
    const packages = readdirSync(`${folder}packages`);
    for (const name of ['testing', 'test-kit', 'local-redis']) expect(packages).not.toContain(name);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (file) => !/node_modules/.test(file),
    );
    expect(files.filter((file) => /\.test\.ts$|-for-tests\.ts$|\.env|secrets|\.data/.test(file))).toEqual([]);
    expect(existsSync(`${folder}test`)).toBe(false);
  });

  it('runs: an event gets from the ingress to the worker, and the board shows its pages', async () => {
    const prefix = testPrefix();
    const [ingress, worker, board] = await Promise.all([
      startIngress(prefix, {}, { root: folder }),
      startWorker(prefix, 'apps/worker/src/handlers/index.ts', {}, { root: folder }),
      startBoard(prefix, {}, { root: folder }),
    ]);
    const event = xeroEvent({
      category: 'payment',
      type: 'create',
      resourceId: 'r-1',
      tenantId: 't-1',
      dateUtc: '2026-01-01T00:00:00',
    });
    expect((await post(ingress.url, xeroBody([event], 1))).status).toBe(200);
    expect(await worker.line(({ msg }) => msg === 'event handled')).toMatchObject({ event: 'payment.created' });
    const login = Buffer.from(`${BOARD_LOGIN.user}:${BOARD_LOGIN.password}`).toString('base64');
    const page = await fetch(board.url, { headers: { authorization: `Basic ${login}` } });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html')]);
  });

  it('starts processes by their names, whose health its check tells', async () => {
    const prefix = testPrefix();
    const variables = { REDIS_URL: inject('redis').url, REDIS_PREFIX: prefix, WORKER_ADMIN_PORT: '0' };
    const worker = xw(['worker'], variables);
    expect(await isHealthy([1, 1, 1])).toBe(false);
    const { admin } = await worker.line(({ msg }) => msg === 'worker is ready');
    expect(await isHealthy([1, Number(new URL(String(admin)).port), 1])).toBe(true);
  });

  it('runs commands, and says that development needs another installation', async () => {
    const variables = { REDIS_URL: inject('redis').url, REDIS_PREFIX: testPrefix() };
    const events = xw(['events'], variables);
    expect(await events.ended).toMatchObject({ code: 0 });
    const dev = xw(['dev'], {});
    expect(await dev.ended).toMatchObject({ code: 1 });
    expect(dev.lines.map(({ msg }) => msg)).toEqual([
      expect.stringMatching(/^xw: dev is not part of this installation.*\[XW_NOT_INSTALLED\]/),
    ]);
  });

  it('runs handlers that have packages of their own, also with native code', async () => {
    const own = mkdtempSync(join(tmpdir(), 'xw-image-handlers-'));
    const [native] = globSync(`${ROOT}node_modules/.pnpm/@msgpackr-extract+*/node_modules/@msgpackr-extract/*/`);
    cpSync(native!, join(own, 'node_modules/native'), { recursive: true, dereference: true });
    writeFileSync(join(own, 'handlers.cjs'), NATIVE_HANDLERS);
    const worker = await startWorker(testPrefix(), join(own, 'handlers.cjs'), {}, { root: folder });
    expect(worker.lines).toContainEqual(expect.objectContaining({ handlers: ['strings'] }));
  });
});

/** Loads what was compiled, by Node's own interface for that. */
const NATIVE_HANDLERS = `
  const { extractStrings } = require('native/node.napi.glibc.node');
  module.exports = (on) => on('*', { name: extractStrings ? 'strings' : 'nothing' }, () => {});
`;

/** Runs what the image runs, with the words that follow its name. */
function xw(words: readonly string[], environment: Record<string, string>): AppProcess {
  return startProcess(['apps/cli/src/main.ts', ...words], environment, { root: folder });
}

/** What the Dockerfile's health check says, with other ports. */
async function isHealthy(ports: readonly number[]): Promise<boolean> {
  const [, words] = /^HEALTHCHECK .*\n *CMD (\[.*\])$/m.exec(readFileSync(`${ROOT}Dockerfile`, 'utf8'))!;
  const [, ...args] = JSON.parse(words!) as string[];
  const check = args.map((arg) => arg.replace('[9464, 9465, 9466]', JSON.stringify(ports)));
  return new Promise((resolve) => {
    execFile(process.execPath, check, (error) => resolve(error === null));
  });
}

it('has its packages listed by a command', () => {
  const printed = execFileSync('npx', ['pnpm@12', '--silent', 'image:sbom'], { cwd: ROOT, encoding: 'utf8' });
  const { components } = JSON.parse(printed) as { components: { group?: string; name: string }[] };
  const names = new Set(components.map(({ group, name }) => (group ? `${group}/${name}` : name)));
  expect(IMAGE_PACKAGES.filter((name) => !names.has(name))).toEqual([]);
  expect(['vitest', 'typescript', 'js-redis-server'].filter((name) => names.has(name))).toEqual([]);
});

it('has none of the packages in the image that only tests and development need', () => {
  const forTests = new Set([
    'testcontainers',
    'dockerode',
    'ssh2',
    'js-redis-server',
    'chokidar',
    'vitest',
    'typescript',
  ]);
  expect(IMAGE_PACKAGES.filter((name) => forTests.has(name))).toEqual([]);
});
