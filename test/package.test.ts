import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { describeIf, ROOT, testPrefix, until } from '@xero-webhooks/testing';
import { signedRequest } from '@xero-webhooks/test-kit';
import { packNpm } from '../scripts/pack-npm.ts';
import type { Project } from './support/installed-package.ts';
import { installedProject, QUIET } from './support/installed-package.ts';
import { brokenLinks } from './support/links.ts';
import { isRegistryThere } from './support/registry.ts';

const ANY_PORTS = {
  INGRESS_PORT: '0',
  BOARD_PORT: '0',
  INGRESS_ADMIN_PORT: '0',
  WORKER_ADMIN_PORT: '0',
  BOARD_ADMIN_PORT: '0',
};

const BIN = 'node_modules/.bin/xero-webhooks';

const { devDependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  devDependencies: Record<string, string>;
};
const VITEST = devDependencies['vitest'];

const tarball = await packNpm(join(tmpdir(), `xw-pack-${process.pid}`));

/** The names of the files in the tarball. */
const packedFiles = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' })
  .split('\n')
  .map((file) => file.replace(/^package\//, ''));

describe('the package', () => {
  it('is packed as publint wants it', async () => {
    const { messages } = await publint({ pkgDir: join(tarball, '../package'), strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that fit its code, wherever modules are resolved that may be ESM', async () => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
    const problems = result.types ? result.problems : ['it has no types'];
    // It is ESM alone: "require" works by Node's require(esm), and resolution without "exports" is that of Node 10.
    const ofEsm = problems.filter((one) => !/node10|node16-cjs/.test(JSON.stringify(one)));
    expect(ofEsm).toEqual([]);
  });

  it('has code, declarations, documentation and licence, and no test or source', () => {
    expect(packedFiles).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'docs/errors.md']));
    const code = packedFiles.filter((file) => file.startsWith('dist/'));
    expect(code.filter((file) => /\.test\.|-for-tests|(?<!\.d)\.ts$|\/testing\/src|bench/.test(file))).toEqual([]);
  });

  it('has no link in its documents that leads nowhere', () => {
    const folder = join(tarball, '../package');
    const broken = packedFiles.filter((file) => file.endsWith('.md')).flatMap((file) => brokenLinks(folder, file));
    expect(broken).toEqual([]);
  });

  it('needs nothing but Node for the webhook alone', () => {
    const needed = importsOf(join(tarball, '../package/dist/packages/xero-webhooks/src/webhook.js'));
    expect(needed.filter((name) => !name.startsWith('node:'))).toEqual([]);
    expect(needed).toContain('node:crypto');
  });

  it.each(['handlers', 'ingress', 'testing', 'webhook', 'xero'])('declares in /%s what was reviewed', (subpath) => {
    const built = readFileSync(join(tarball, `../package/dist/types/${subpath}.d.ts`), 'utf8');
    const file = `packages/xero-webhooks/api/${subpath}.d.ts`;
    expect(readFileSync(file, 'utf8'), `${file} is out of date: run "pnpm run api", and review the change`).toBe(built);
  });
});

describeIf(await isRegistryThere(), 'the registry of packages')('a project with the package', () => {
  let typescript: Project;
  let commonjs: Project;
  let javascript: Project;

  beforeAll(async () => {
    [typescript, commonjs, javascript] = await Promise.all([
      installedProject(tarball),
      installedProject(tarball, COMMONJS),
      installedProject(tarball),
    ]);
    for (const [project, words] of [
      [typescript, []],
      [commonjs, []],
      [javascript, ['--javascript']],
    ] as const) {
      const { code, text } = await project.npx('xero-webhooks', 'init', ...words);
      if (code !== 0) throw new Error(text);
      const installed = await project.npm(['install', ...QUIET]);
      if (installed.code !== 0) throw new Error(installed.text);
    }
  }, 300_000);

  const projects = { typescript: () => typescript, commonjs: () => commonjs, javascript: () => javascript };

  describe.each(['typescript', 'commonjs', 'javascript'] as const)('that "init" has written: %s', (kind) => {
    it('passes its own test', async () => {
      const { code, text } = await projects[kind]().npm(['test']);
      expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('pass 3') });
    });

    if (kind === 'javascript') return;
    it('passes the check of its types, which knows the resource', async () => {
      const project = projects[kind]();
      expect(await project.npm(['run', 'check'])).toMatchObject({ code: 0 });
      const wrong = `import type { Register } from 'xero-webhooks/handlers';
        export const register: Register = (on) => {
          on('invoice.updated', async function sync(_event, context) {
            const total: string | undefined = (await context.resource()).Total;
            context.log.info({ total });
          });
        };`;
      project.write({ [`src/wrong.${kind === 'commonjs' ? 'mts' : 'ts'}`]: wrong });
      const { code, text } = await project.npm(['run', 'check']);
      project.write({ [`src/wrong.${kind === 'commonjs' ? 'mts' : 'ts'}`]: 'export {};' });
      expect(code).not.toBe(0);
      expect(text).toMatch(
        /wrong\.m?ts.*error TS2322: Type 'number \| undefined' is not assignable to type 'string \| undefined'/,
      );
    });

    it('has its handler handle a simulated invoice', async () => {
      const project = projects[kind]();
      const app = project.start([BIN, 'dev'], ANY_PORTS);
      await app.line(({ msg }) => msg.includes('Now send it an invoice'), 'its banner');
      expect(app.lines.map(({ msg }) => msg).join('\n')).toMatch(/Handlers +src\/handlers\.m?[tj]s/);
      const sent = await project.npx('xero-webhooks', 'simulate', 'invoice.updated');
      expect(sent).toMatchObject({ code: 0 });
      await app.line(({ msg }) => /invoice changed .*handler=syncInvoice/.test(msg), 'the line of its handler');
      await app.line(({ msg }) => msg.includes('event handled'), 'the event to be handled');
      app.child.kill('SIGINT');
      expect(await app.ended).toMatchObject({ code: 0 });
      // The installed BullMQ is the one that was tested.
      expect(app.lines.filter(({ msg }) => msg.includes('BullMQ is not'))).toEqual([]);
    });
  });

  it('compiles with all of the declarations checked, whatever resolves its modules', async () => {
    const imports = ['handlers', 'ingress', 'testing', 'webhook', 'xero'].map(
      (subpath, index) => `import * as all${index} from 'xero-webhooks/${subpath}';\nexport { all${index} };`,
    );
    for (const [folder, options] of Object.entries(WAYS_TO_RESOLVE)) {
      typescript.write({
        [`${folder}/index.ts`]: imports.join('\n'),
        [`${folder}/package.json`]: JSON.stringify({ type: options.type }),
        [`${folder}/tsconfig.json`]: JSON.stringify({
          compilerOptions: {
            ...options.compilerOptions,
            strict: true,
            noEmit: true,
            skipLibCheck: false,
            types: ['node'],
          },
        }),
      });
      const { code, text } = await typescript.npx('tsc', '-p', folder);
      expect({ folder, code, text }).toMatchObject({ code: 0 });
    }
  });

  it('passes the tests of docs/testing.md, in Node and in Vitest', async () => {
    const text = readFileSync(`${ROOT}docs/testing.md`, 'utf8');
    const [node, vitest] = [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code!);
    typescript.write({ 'src/of-node.test.ts': node!, 'vitest/of-vitest.test.ts': vitest!.replace('./', '../src/') });
    expect(await typescript.node('--test', 'src/of-node.test.ts')).toMatchObject({ code: 0 });
    expect(await typescript.npm(['install', ...QUIET, `vitest@${VITEST}`])).toMatchObject({ code: 0 });
    expect(await typescript.npx('vitest', 'run', '--dir', 'vitest')).toMatchObject({
      code: 0,
      text: expect.stringMatching(/Tests .*1 passed/),
    });
  });

  it('can be CommonJS, and require what it uses', async () => {
    commonjs.write({
      'check.cjs': `const { createSignatureCheck, sign } = require('xero-webhooks/webhook');
        const { testHandlers } = require('xero-webhooks/testing');
        const check = createSignatureCheck(['k']);
        const body = Buffer.from('{}');
        console.log(check(body, sign(body, 'k')).matched);
        const register = (on) => on('*', function note(event, context) { context.log.info(event.name); });
        testHandlers(register).then((handlers) => handlers.emit('contact.created')).then(({ note }) => console.log(note.log[0].message));`,
    });
    expect(await commonjs.node('check.cjs')).toEqual({ code: 0, text: 'true\ncontact.created\n' });
  });

  it('receives a signed webhook in a Fastify application of its own, and handles it', async () => {
    const redis = inject('redis');
    const prefix = testPrefix();
    expect((await typescript.npm(['install', ...QUIET, 'fastify@5'])).code).toBe(0);
    typescript.write({ 'app.ts': FASTIFY_APP });
    const app = typescript.start(['app.ts'], { REDIS_URL: redis.url, PREFIX: prefix });
    const { msg: url } = await app.line(({ msg }) => msg.startsWith('http://'), 'its address');
    const { method, headers, body } = signedRequest(['invoice.updated'], 'a-key');

    expect((await fetch(`${url}/xero`, { method, headers, body: body.replace('INVOICE', 'CONTACT') })).status).toBe(
      401,
    );
    expect((await fetch(`${url}/xero`, { method, headers, body })).status).toBe(200);
    expect(await (await fetch(`${url}/own`, { method: 'POST', body: '{"a":1}', headers: JSON_TYPE })).json()).toEqual({
      got: { a: 1 },
    });

    typescript.write({
      'note.ts': `import type { Register } from 'xero-webhooks/handlers';
        const register: Register = (on) => on('*', function note(event, context) { context.log.info(event.name); });
        export default register;`,
    });
    const worker = typescript.start([BIN, 'worker'], {
      REDIS_URL: redis.url,
      REDIS_PREFIX: prefix,
      HANDLERS: 'note.ts',
      WORKER_ADMIN_PORT: '0',
    });
    expect(await worker.line(({ handler }) => handler === 'note')).toMatchObject({ msg: 'invoice.updated' });
    await until(() => worker.lines.some(({ msg }) => msg === 'event handled'), 'the event to be handled');
  });
});

/** What a file imports, and what the files do that it imports: all but those files. */
function importsOf(file: string): string[] {
  const names = [...readFileSync(file, 'utf8').matchAll(/(?:from|import) ?"([^"]+)"/g)].map(([, name]) => name!);
  return names.flatMap((name) => (name.startsWith('.') ? importsOf(join(file, '..', name)) : [name]));
}

/** As `npm init` makes it. */
const COMMONJS = {
  name: 'older-project',
  version: '1.0.0',
  main: 'index.js',
  type: 'commonjs',
  scripts: { test: 'echo "Error: no test specified" && exit 1' },
};

const JSON_TYPE = { 'content-type': 'application/json' };

const WAYS_TO_RESOLVE = {
  'ways/esm': { type: 'module', compilerOptions: { module: 'nodenext' } },
  'ways/cjs': { type: 'commonjs', compilerOptions: { module: 'nodenext' } },
  'ways/bundler': { type: 'module', compilerOptions: { module: 'esnext', moduleResolution: 'bundler' } },
};

const FASTIFY_APP = `import Fastify from 'fastify';
import { xeroWebhooks } from 'xero-webhooks/ingress';

const app = Fastify();
await app.register(xeroWebhooks, {
  keys: ['a-key'],
  redis: process.env.REDIS_URL!,
  redisPrefix: process.env.PREFIX!,
  path: '/xero',
});
app.post('/own', async (request) => ({ got: request.body }));
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
process.once('SIGTERM', () => void app.close());
`;
