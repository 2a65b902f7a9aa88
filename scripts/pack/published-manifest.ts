import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Manifest = {
  name: string;
  version: string;
  description: string;
  license: string;
  engines?: Record<string, string>;
  exports: Record<string, string>;
  dependencies?: Record<string, string>;
};

type Options = {
  root: string;
  /** The source files that are in the package, from `root`. */
  sources: readonly string[];
};

/** Where the published package is described. */
export const PACKAGE = 'packages/xero-webhooks';

/** A host application has Fastify, too: with a range, it is the same one, and its types fit. */
const RANGES: Readonly<Record<string, string>> = { fastify: '^' };

/** The subpaths of the package, and their files, from the root of the workspace. */
export function subpaths(root: string): Record<string, string> {
  const { exports } = readManifest(root, PACKAGE);
  const paths = Object.entries(exports).filter(([subpath]) => subpath !== './package.json');
  return Object.fromEntries(paths.map(([subpath, file]) => [subpath.replace('./', ''), join(PACKAGE, file)]));
}

/**
 * The package.json that is published: what the workspace's manifests say of the code that is in it.
 *
 * @throws Error if two of them pin one dependency at different versions
 */
export function publishedManifest({ root, sources }: Options): object {
  const { name, version, description, license } = readManifest(root, PACKAGE);
  const exports = Object.entries(subpaths(root)).map(([subpath, file]) => [
    `./${subpath}`,
    { types: `./dist/types/${subpath}.d.ts`, default: `./dist/${file.replace(/\.ts$/, '.js')}` },
  ]);
  const bin = './dist/apps/cli/src/main.js';
  return {
    name,
    version,
    description,
    keywords: ['xero', 'webhooks', 'bullmq', 'fastify', 'redis'],
    license,
    type: 'module',
    sideEffects: false,
    engines: readManifest(root, 'apps/cli').engines,
    bin: { 'xero-webhooks': bin, xw: bin },
    exports: { ...Object.fromEntries(exports), './package.json': './package.json' },
    files: ['dist', 'docs', 'examples', '.env.example', 'CHANGELOG.md'],
    dependencies: dependenciesOf(root, sources),
    publishConfig: { access: 'public', provenance: true },
  };
}

function dependenciesOf(root: string, sources: readonly string[]): Record<string, string> {
  const found = new Map<string, string>();
  for (const folder of new Set(sources.map((file) => file.split('/').slice(0, 2).join('/')))) {
    for (const [name, version] of Object.entries(readManifest(root, folder).dependencies ?? {})) {
      if (version.startsWith('workspace:')) continue;
      const other = found.get(name);
      if (other && other !== version) throw new Error(`${folder} has ${name} ${version}, another package ${other}`);
      found.set(name, version);
    }
  }
  const sorted = [...found].toSorted(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(sorted.map(([name, version]) => [name, `${RANGES[name] ?? ''}${version}`]));
}

function readManifest(root: string, folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest;
}
