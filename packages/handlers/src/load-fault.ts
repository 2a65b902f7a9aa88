import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeValue } from './describe-value.ts';

/**
 * Explains why a module could not be loaded, or why its default export failed.
 *
 * @param file the module
 * @param thrown what it threw, or what Node threw instead of loading it
 * @returns the cause and what to do, to stand after "… failed: "
 */
export function explainLoadFault(file: string, thrown: unknown): string {
  if (!(thrown instanceof Error)) return `it threw ${describeValue(thrown)}; look for what throws it in ${file}`;
  const place = placeOf(thrown);
  const cause = `${thrown.name}: ${thrown.message}`;
  const causeAndPlace = place ? `${cause} (${place.file}:${place.line})` : cause;

  switch ((thrown as NodeJS.ErrnoException).code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return `${causeAndPlace}; Node runs TypeScript as it is: leave out enums, namespaces and parameter properties, or point HANDLERS at the compiled file`;
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return `${cause}; import the built JavaScript of that package`;
    case 'ERR_IMPORT_ATTRIBUTE_MISSING':
      return `${cause}; end that import with { type: 'json' }`;
    case 'ERR_INVALID_PACKAGE_CONFIG':
      return `${cause.replace(/\.$/, '')}; mend that file`;
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
    case 'ERR_UNSUPPORTED_DIR_IMPORT':
      return explainMissing(cause);
    default:
  }
  if (thrown instanceof SyntaxError) {
    return `${causeAndPlace}; ${syntaxRemedy(place?.file ?? file, thrown.message, place !== undefined)}`;
  }
  return place ? causeAndPlace : `${cause}; look for what throws it in ${file}`;
}

/** A file, whose name has to be whole, or a package, which has to be installed. */
function explainMissing(cause: string): string {
  const whole = cause.replace(/\nRequire stack:\n- (.*)[^]*/, ' imported from $1');
  const isFile = /Cannot find module '(?:\.{0,2}\/|file:)|^Error: Directory import/.test(whole);
  return isFile
    ? `${whole}; write the whole name of the file in the import, with its ending, as in "./orders.ts"`
    : `${whole}; install that package where this file finds it`;
}

/** Node says in several ways that it met ES module syntax in what it takes for CommonJS. */
const MODULE_SYNTAX =
  /Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'|await is only valid/;

function syntaxRemedy(file: string, message: string, placed: boolean): string {
  if (MODULE_SYNTAX.test(message)) {
    const commonJs = commonJsRemedy(file);
    if (commonJs) return commonJs;
  }
  if (message.includes('does not provide an export')) return 'check that name, or write "import type" if it is a type';
  return placed ? 'mend it there' : `run "node --check" on ${file}, and on what it imports, to see where`;
}

/** What to do with an ES module that Node takes for CommonJS, or nothing where it does not. */
function commonJsRemedy(file: string): string | undefined {
  const ending = extname(file);
  const moduleEnding = ending.endsWith('ts') ? '.mts' : '.mjs';
  if (ending.startsWith('.c')) return `a file in ${ending} is CommonJS: rename it to end in ${moduleEnding}`;
  const manifest = manifestAbove(file);
  if (ending.startsWith('.m') || manifest?.type !== 'commonjs') return undefined;
  return `${manifest.path} says "type": "commonjs": rename ${file} to end in ${moduleEnding}, or set "type": "module" there`;
}

function manifestAbove(file: string): { path: string; type: unknown } | undefined {
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (existsSync(path)) {
      try {
        return { path, type: (JSON.parse(readFileSync(path, 'utf8')) as { type?: unknown }).type };
      } catch {
        return { path, type: undefined };
      }
    }
    if (folder === dirname(folder)) return undefined;
  }
}

/** A line of the user's own code; `line` can have the column behind a colon. */
export type Place = { file: string; line: string };

/** Where the user's own code is at fault: neither Node's, nor a package's, nor ours. */
export function placeOf({ stack = '', message }: Error): Place | undefined {
  // A syntax error begins with its place, and has nothing but Node in its frames.
  const [, url, line] = /^((?:file:\/\/)?\/.+):(\d+)$/m.exec(stack.split('\n', 1)[0]!) ?? [];
  if (url && line) return { file: pathOf(url), line };
  for (const frame of stack.replace(message, '').split('\n')) {
    const [, frameUrl, frameLine] = /^\s+at (?:.*\(|async )?((?:file:\/\/)?\/.+?):(\d+:\d+)\)?$/.exec(frame) ?? [];
    if (!frameUrl || !frameLine) continue;
    const file = pathOf(frameUrl);
    if (!file.includes('/node_modules/') && dirname(file) !== import.meta.dirname) return { file, line: frameLine };
  }
  return undefined;
}

function pathOf(url: string): string {
  return url.startsWith('file:') ? fileURLToPath(url) : url;
}
