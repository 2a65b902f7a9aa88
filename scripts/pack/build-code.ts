import { cpSync, existsSync, readdirSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { build } from 'tsdown';
import type { Rolldown } from 'tsdown';

/** What lies beside the code and is read by it at run time. */
const ASSETS = new Set(['.lua', '.css', '.js', '.svg']);

/** Modules of this workspace become part of the package; those of others stay its dependencies. */
export const OURS = /^@xero-webhooks\//;
export const OTHERS = /^(?!@xero-webhooks\/)[@a-z]/;

type Options = {
  root: string;
  outDir: string;
  /** Program files, from `root`. What they start by its address is found by itself. */
  entries: readonly string[];
};

/**
 * Builds JavaScript, one file for each source file and in the same folders, so that what code finds by its own address is
 * where it was.
 *
 * @returns the source files that were built, from `root`
 */
export async function buildCode({ root, outDir, entries }: Options): Promise<readonly string[]> {
  const { bundles } = await build({
    config: false,
    logLevel: 'warn',
    cwd: root,
    root,
    entry: entries.map((file) => join(root, file)),
    outDir,
    unbundle: true,
    dts: false,
    tsconfig: false,
    platform: 'node',
    target: false,
    deps: { alwaysBundle: [OURS], neverBundle: [OTHERS] },
    outExtensions: () => ({ js: '.js' }),
    // No module of ours does anything when it is imported but the programs, which are entries.
    treeshake: { moduleSideEffects: false },
    plugins: [addressedPrograms()],
  });
  const built = bundles
    .flatMap(({ chunks }) => chunks)
    .flatMap((chunk) => ('modules' in chunk ? Object.keys(chunk.modules) : []));
  const sources = [...new Set(built)]
    .filter((file) => file.startsWith(root))
    .map((file) => file.slice(root.length + 1));
  for (const folder of new Set(sources.map((file) => dirname(file))))
    copyAssets(join(root, folder), join(outDir, folder));
  return sources;
}

/** `new URL('thread.ts', import.meta.url)` names a file that is built as well, as `thread.js`. */
function addressedPrograms(): Rolldown.Plugin {
  return {
    name: 'addressed-programs',
    transform(code, id) {
      if (!id.endsWith('.ts') || !code.includes('import.meta.url')) return undefined;
      return code.replaceAll(/new URL\('([^']+)\.ts', import\.meta\.url\)/g, (_, path: string) => {
        this.emitFile({ type: 'chunk', id: resolve(dirname(id), `${path}.ts`) });
        return `new URL('${path}.js', import.meta.url)`;
      });
    },
  };
}

function copyAssets(from: string, to: string): void {
  if (!existsSync(from)) return;
  for (const file of readdirSync(from)) if (ASSETS.has(extname(file))) cpSync(join(from, file), join(to, file));
}
