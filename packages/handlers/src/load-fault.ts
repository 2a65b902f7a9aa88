import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeValue } from '@xero-webhooks/bounded';
import { MODULE_SYNTAX } from './has-module-syntax.ts';

/**
 * Why a module could not be loaded, or why its default export failed.
 *
 * @param thrown by the module, or by Node when it loaded it
 * @returns the cause and what to do, to follow "… failed: "
 */
export function explainLoadFault(file: string, thrown: unknown): string {
  if (!(thrown instanceof Error)) return `it threw ${describeValue(thrown)}; find what throws it in ${file}`;
  const place = placeOf(thrown);
  const cause = `${thrown.name}: ${thrown.message}`;
  const causeAndPlace = place ? `${cause} (${place.file}:${place.line})` : cause;

  switch ((thrown as NodeJS.ErrnoException).code) {
    case 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX':
      return `${causeAndPlace}; use only syntax that Node can strip (no enums, namespaces or parameter properties), or point HANDLERS at the compiled file`;
    case 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING':
      return `${cause}; import the built JavaScript of that package`;
    case 'ERR_IMPORT_ATTRIBUTE_MISSING':
      return `${cause}; end that import with { type: 'json' }`;
    case 'ERR_INVALID_PACKAGE_CONFIG':
      return `${cause.replace(/\.$/, '')}; fix that file`;
    case 'ERR_MODULE_NOT_FOUND':
    case 'MODULE_NOT_FOUND':
    case 'ERR_UNSUPPORTED_DIR_IMPORT':
      return explainMissing(cause);
    case 'ERR_REQUIRE_ASYNC_MODULE':
      return explainAwaitBelowRequire(cause);
    default:
  }
  if (thrown instanceof SyntaxError) {
    return `${causeAndPlace}; ${syntaxRemedy(place?.file ?? file, thrown.message, place !== undefined)}`;
  }
  const remedy = thrown instanceof ReferenceError ? commonJsNameRemedy(thrown.message) : undefined;
  if (remedy) return `${causeAndPlace}; ${remedy}`;
  return place ? causeAndPlace : `${cause}; find what throws it in ${file}`;
}

/** A file, which needs its full name, or a package, which must be installed. */
function explainMissing(cause: string): string {
  const whole = cause.replace(/\nRequire stack:\n- (.*)[^]*/, ' imported from $1');
  const isFile = /Cannot find module '(?:\.{0,2}\/|file:)|^Error: Directory import/.test(whole);
  return isFile
    ? `${whole}; write the full file name in the import, with its extension, as in "./orders.ts"`
    : `${whole}; run npm install for that package in the folder of this file`;
}

function syntaxRemedy(file: string, message: string, placed: boolean): string {
  if (file.includes('/node_modules/')) return 'install another version of that package';
  const [ending] = /\.c[jt]s$/.exec(file) ?? [];
  if (ending && MODULE_SYNTAX.test(message)) {
    return `a file in ${ending} is CommonJS: rename it to end in ${ending.replace('c', 'm')}`;
  }
  if (message.includes('does not provide an export')) return 'check that name, or write "import type" if it is a type';
  return placed ? 'fix it there' : `run "node --check" on ${file}, and on what it imports, to see where`;
}

/** Cuts off Node's advice about command-line options. */
function explainAwaitBelowRequire(cause: string): string {
  const [, required] = /Required module: (.*)/.exec(cause) ?? [];
  return `${cause.replace(/\. [^]*/, '')}${required ? ` (${required})` : ''}; write "await import()" instead of require, or remove that await`;
}

/** The ES module equivalents of names that only CommonJS has. */
const INSTEAD: Readonly<Record<string, string>> = {
  require: 'import',
  module: 'export',
  exports: 'export',
  __filename: 'import.meta.filename',
  __dirname: 'import.meta.dirname',
};

function commonJsNameRemedy(message: string): string | undefined {
  const [, name = ''] = /^(\w+) is not defined/.exec(message) ?? [];
  return Object.hasOwn(INSTEAD, name)
    ? `a file with import or export is an ES module, which does not have ${name}: write ${INSTEAD[name]} instead`
    : undefined;
}

/** A line of the user's code; `line` can be followed by a colon and the column. */
export type Place = { file: string; line: string };

/** The topmost frame in the user's code: not in Node, a package or ours. */
export function placeOf({ stack = '', message }: Error): Place | undefined {
  // The stack of a syntax error begins with the place; its frames are all in Node.
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
