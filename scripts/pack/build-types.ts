import { join } from 'node:path';
import { build } from 'tsdown';
import { OTHERS, OURS } from './build-code.ts';

type Options = {
  root: string;
  outDir: string;
  /** The file of each subpath, by its name. */
  entries: Readonly<Record<string, string>>;
};

/** Builds the declarations of the subpaths, with what they need of other packages of the workspace. */
export async function buildTypes({ root, outDir, entries }: Options): Promise<void> {
  await build({
    config: false,
    logLevel: 'error',
    cwd: root,
    root,
    entry: Object.fromEntries(Object.entries(entries).map(([name, file]) => [name, join(root, file)])),
    outDir,
    dts: { dtsOnly: true, tsconfig: 'tsconfig.json' },
    platform: 'node',
    target: false,
    deps: { alwaysBundle: [OURS], neverBundle: [OTHERS] },
    outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  });
}
