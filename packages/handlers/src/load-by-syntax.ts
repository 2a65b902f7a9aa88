import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { hasModuleSyntax } from './has-module-syntax.ts';

let registered = false;

/**
 * From now on Node loads `.js` and `.ts` files of users by their syntax, whatever the nearest package.json says: `npm init -y`
 * writes `"type": "commonjs"`, with which `import` and `export` would not load. Files without such syntax, packages, and
 * files whose extension decides the format are loaded as before.
 */
export function loadBySyntax(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    load(url, context, nextLoad) {
      const format = formatBySyntax(url, context.format);
      return nextLoad(url, format === undefined ? context : { ...context, format });
    },
  });
}

/**
 * @param declared the format that Node would use; nothing if no package.json decides it
 * @returns the ES module format, if the file is an ES module and Node would load it as something else
 */
function formatBySyntax(url: string, declared: string | null | undefined): string | undefined {
  const [, ending] = /^file:[^?#]*\.([jt]s)(?:[?#]|$)/.exec(url) ?? [];
  if (ending === undefined || url.includes('/node_modules/')) return undefined;
  if (declared && declared !== 'commonjs' && declared !== 'commonjs-typescript') return undefined;
  const typescript = ending === 'ts';
  const source = readOrNothing(url);
  if (source === undefined || !hasModuleSyntax(source, typescript)) return undefined;
  return typescript ? 'module-typescript' : 'module';
}

/** If it cannot be read, Node says why. */
function readOrNothing(url: string): string | undefined {
  try {
    return readFileSync(fileURLToPath(url), 'utf8');
  } catch {
    return undefined;
  }
}
