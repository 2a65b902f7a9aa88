import { join } from 'node:path';
import { build } from 'tsdown';
import { OTHERS, OURS } from './build-code.ts';

type Options = {
  root: string;
  outDir: string;
  /** The file of each subpath, by its name. */
  entries: Readonly<Record<string, string>>;
};

/**
 * Builds the declarations of the subpaths, each in one file with what it needs of other packages of the workspace: such a
 * file can be read, and reviewed, from top to bottom.
 */
export async function buildTypes({ root, outDir, entries }: Options): Promise<void> {
  for (const [name, file] of Object.entries(entries)) {
    await build({
      config: false,
      logLevel: 'error',
      cwd: root,
      root,
      entry: { [name]: join(root, file) },
      outDir,
      clean: false,
      dts: { dtsOnly: true, tsconfig: 'tsconfig.json' },
      platform: 'node',
      target: false,
      deps: { alwaysBundle: [OURS], neverBundle: [OTHERS] },
      outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
    });
  }
}
