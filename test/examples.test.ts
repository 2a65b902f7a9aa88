import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary } from '@xero-webhooks/local-redis';
import { describeIf, ownRedis, ROOT } from '@xero-webhooks/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Postgres } from '@xero-webhooks/local-postgres';
import { startPostgres } from '@xero-webhooks/local-postgres';
import { packNpm } from '../scripts/pack-npm.ts';
import type { Project } from './support/installed-package.ts';
import { installedProject, QUIET } from './support/installed-package.ts';
import { isRegistryThere } from './support/registry.ts';

const EXAMPLES = readdirSync(`${ROOT}examples`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The workspace that all of them are installed in, with one command. */
const WORKSPACE = { private: true, workspaces: ['*'], overrides: { 'xero-webhooks': '$xero-webhooks' } };

const TYPES = ['typescript@7.0.2', '@types/node@22'];

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2024',
    module: 'nodenext',
    types: ['node'],
    jsx: 'preserve',
    noEmit: true,
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    erasableSyntaxOnly: true,
  },
  include: ['*/**/*.ts', '*/**/*.tsx'],
};

const HAS_ALL = (await isRegistryThere()) && findRedisBinary(process.env['PATH']!) !== undefined;

describeIf(HAS_ALL, 'the registry of packages, and redis-server or valkey-server')('an example', () => {
  let project: Project;
  let postgres: Postgres | undefined;

  beforeAll(async () => {
    const tarball = await packNpm(join(tmpdir(), `xw-pack-examples-${process.pid}`));
    project = await installedProject(tarball, WORKSPACE);
    cpSync(`${ROOT}examples`, project.folder, { recursive: true });
    const installed = await project.npm(['install', ...QUIET, '--save-dev', ...TYPES]);
    if (installed.code !== 0) throw new Error(installed.text);
    project.write({ 'tsconfig.json': JSON.stringify(TSCONFIG) });
    postgres = await startPostgres();
  }, 300_000);

  afterAll(() => postgres?.stop());

  it.each(EXAMPLES)('passes its own test: %s', async (name) => {
    // One of its own: an example looks at every key.
    const redis = await ownRedis();
    const environment = { REDIS_URL: redis.url, ...(postgres && { DATABASE_URL: postgres.url }) };
    const { code, text } = await project.npm(['test', '--workspace', `xero-webhooks-example-${name}`], environment);
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringMatching(/pass [1-9]|skipped [1-9]/) });
    // What is skipped is skipped for want of a service, and that shows.
    const skipped = [...text.matchAll(/# (?:SKIP )?(needs \w+)/g)].map(([, reason]) => reason);
    if (skipped.length > 0) expect(skipped).toEqual(['needs DATABASE_URL']);
  });

  it('has types that fit', async () => {
    expect(await project.npx('tsc', '-p', '.')).toMatchObject({ code: 0 });
  });

  it('stands in the list, each of them', () => {
    const listed = [...readFileSync(`${ROOT}examples/README.md`, 'utf8').matchAll(/\]\(([\w-]+)\)/g)].map(
      ([, name]) => name,
    );
    expect(new Set(listed)).toEqual(new Set(EXAMPLES));
  });
});
