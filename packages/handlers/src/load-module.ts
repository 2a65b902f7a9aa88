import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Cleanup, Register } from './handler.ts';
import { HandlersError } from './handlers-error.ts';
import type { Registry } from './registry.ts';
import { createRegistry } from './registry.ts';

/** A handler module that is loaded and has registered its handlers. */
export type HandlerModule = {
  /** Where it is. */
  readonly file: string;
  readonly registry: Registry;
  /** Runs what the module returned for the shutdown. */
  close(): Promise<void>;
};

const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** A module that waits for ever would keep the process from starting, and from saying why. */
const LOAD_LIMIT_MS = 30_000;

/**
 * Loads a handler module and lets it register its handlers.
 *
 * @param path as in the variable HANDLERS
 * @param workingDirectory what a relative path starts from
 * @throws HandlersError with the cause and the remedy in one line
 */
export async function loadHandlerModule(path: string, workingDirectory: string): Promise<HandlerModule> {
  const file = resolve(workingDirectory, path);
  checkFile(file);
  const loaded = await inTime(file, importModule(file));
  const register = defaultFunction(file, loaded);
  const registry = createRegistry();
  const cleanup = await inTime(file, callRegister(file, register, registry));
  registry.seal();
  return {
    file,
    registry,
    close: async () => {
      await cleanup?.();
    },
  };
}

function checkFile(file: string): void {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new HandlersError(
      'XW_HANDLERS_MISSING',
      `HANDLERS names ${file}, and there is no such file: expected the path of a handler module`,
    );
  }
  if (!EXTENSIONS.includes(extname(file))) {
    throw new HandlersError(
      'XW_HANDLERS_MISSING',
      `HANDLERS names ${file}: expected a file that ends in ${EXTENSIONS.join(', ')}`,
    );
  }
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw loadFault(file, error);
  }
}

function loadFault(file: string, error: unknown): HandlersError {
  const fault = describe(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const say = (text: string): HandlersError =>
    new HandlersError('XW_HANDLERS_LOAD', `${file} ${text}`, { cause: error });

  if (code === 'ERR_INVALID_TYPESCRIPT_SYNTAX') return say(`cannot be read: ${fault}${placeOf(error)}`);
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') {
    return say(
      `has TypeScript that Node cannot run as it is: ${fault}. Leave out enums, namespaces and parameter properties, or point HANDLERS at the compiled file`,
    );
  }
  if (code === 'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING') {
    return say(
      'needs TypeScript from node_modules, which Node does not run: import the built JavaScript of that package',
    );
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND' || code === 'ERR_UNSUPPORTED_DIR_IMPORT') {
    return say(
      `imports something that is not there: ${fault}. Write file names in imports whole, with .ts, and install the packages that it needs`,
    );
  }
  if (error instanceof SyntaxError && isModuleSyntaxFault(error)) return say(commonJsText(file, fault));
  return say(`failed to load: ${fault}${placeOf(error)}`);
}

/** ES module syntax in what Node takes for CommonJS, which it says in several ways. */
function isModuleSyntaxFault(error: SyntaxError): boolean {
  return /Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'|await is only valid/.test(
    error.message,
  );
}

function commonJsText(file: string, fault: string): string {
  const manifest = manifestAbove(file);
  if (manifest?.type !== 'commonjs') return `is not an ES module: ${fault}`;
  const ending = extname(file).replace('.', '.m');
  return `has import or export, but ${manifest.path} says "type": "commonjs": rename it to end in ${ending}, or set "type": "module" there`;
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

/** A compiled CommonJS module arrives with its own default inside ours. */
function defaultFunction(file: string, loaded: Record<string, unknown>): Register {
  let value: unknown = loaded['default'];
  for (let depth = 0; depth < 2 && isObject(value) && 'default' in value; depth++) value = value['default'];
  if (typeof value === 'function') return value as Register;
  const exported = Object.keys(loaded).filter(
    (name) => name !== 'default' && name !== 'module.exports' && name !== '__esModule',
  );
  const has = exported.length > 0 ? `it exports ${exported.join(', ')}` : 'it exports nothing else';
  const what =
    value === undefined ? 'has no default export' : `has a default export that is no function (${typeof value})`;
  throw new HandlersError(
    'XW_HANDLERS_DEFAULT',
    `${file} ${what}; ${has}: write "export default async (on) => { on('invoice.updated', …) }"`,
  );
}

async function callRegister(file: string, register: Register, registry: Registry): Promise<Cleanup | undefined> {
  try {
    const cleanup = await register(registry.on);
    return typeof cleanup === 'function' ? cleanup : undefined;
  } catch (error) {
    if (error instanceof HandlersError)
      throw new HandlersError(error.code, `${file}: ${error.message}`, { cause: error });
    throw new HandlersError(
      'XW_HANDLERS_LOAD',
      `the default export of ${file} failed: ${describe(error)}${placeOf(error)}`,
      { cause: error },
    );
  }
}

async function inTime<Value>(file: string, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new HandlersError(
          'XW_HANDLERS_LOAD',
          `${file} did not finish loading within ${LOAD_LIMIT_MS / 1000} s: look for an await that never ends`,
        ),
      );
    }, LOAD_LIMIT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return text.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** The first place in the stack that is not Node's own, as ` (file:line:column)`. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error) || !error.stack) return '';
  const place = /(?:file:\/\/)?(\/[^\s()]+:\d+(?::\d+)?)/.exec(error.stack.replace(error.message, ''));
  return place ? ` (${place[1]})` : '';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
