import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCode } from './pack/build-code.ts';
import { buildTypes } from './pack/build-types.ts';
import { copyDocuments } from './pack/documents.ts';
import { publishedManifest, subpaths } from './pack/published-manifest.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * Builds the package that is published, and packs it.
 *
 * @param folder where to put the tarball; emptied first
 * @returns the tarball's path
 */
export async function packNpm(folder: string): Promise<string> {
  const staged = join(folder, 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(staged, { recursive: true });
  const entries = subpaths(ROOT);
  const sources = await buildCode({
    root: ROOT,
    outDir: join(staged, 'dist'),
    entries: [...Object.values(entries), 'apps/cli/src/main.ts'],
  });
  await buildTypes({ root: ROOT, outDir: join(staged, 'dist/types'), entries });
  const manifest = publishedManifest({ root: ROOT, sources });
  writeFileSync(join(staged, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  copyDocuments(ROOT, staged);
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: staged,
    encoding: 'utf8',
  });
  const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
  return join(folder, filename);
}

if (import.meta.main) {
  process.stdout.write(`${await packNpm(join(ROOT, '.data/npm'))}\n`);
}
