import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { hasModuleSyntax } from './has-module-syntax.ts';

let registered = false;

/**
 * Lets Node load the user's `.js` and `.ts` files by their syntax from now on, whatever the nearest package.json says:
 * `npm init -y` writes `"type": "commonjs"`, and `import` and `export` beside it would not load. Files that have no such
 * syntax are loaded as before, and so are packages and files whose ending says what they are.
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
 * @param declared what Node takes the file for; nothing where no package.json says so
 * @returns the format of an ES module, where the file is one and was not taken for one
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

/** Where it cannot be read, Node says why. */
function readOrNothing(url: string): string | undefined {
  try {
    return readFileSync(fileURLToPath(url), 'utf8');
  } catch {
    return undefined;
  }
}
