import { existsSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AccessTokenProvider } from './access-token.ts';
import type { Cleanup, On, Register } from './handler.ts';
import { HandlersError } from './handlers-error.ts';
import { loadBySyntax } from './load-by-syntax.ts';
import { explainLoadFault } from './load-fault.ts';
import type { Registry } from './registry.ts';
import { createRegistry } from './registry.ts';

export type HandlerModule = {
  readonly file: string;
  readonly registry: Registry;
  /** The module's own provider of tokens, if it exports one. */
  readonly accessToken: AccessTokenProvider | undefined;
  /** Runs the function that the module returned for the shutdown. */
  close(): Promise<void>;
};

/** What the file of a handler module ends in. */
export const HANDLER_EXTENSIONS = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** In milliseconds: a module that never finishes would keep the process from starting and from saying why. */
const LOAD_LIMIT_MS = 30_000;

/**
 * @param path as in HANDLERS, relative to `workingDirectory`
 * @param others registers handlers beside those of the module. @defaultValue there are none
 * @throws HandlersError with the cause and the remedy in one line
 */
export async function loadHandlerModule(
  path: string,
  workingDirectory: string,
  others?: (on: On) => void,
): Promise<HandlerModule> {
  const file = resolve(workingDirectory, path);
  checkFile(file);
  const loaded = await inTime(file, importModule(file));
  const register = defaultFunction(file, loaded);
  const accessToken = tokenFunction(file, loaded);
  const registry = createRegistry();
  const cleanup = await inTime(file, callRegister(file, register, registry));
  others?.(registry.on);
  registry.seal();
  return {
    file,
    registry,
    accessToken,
    close: async () => {
      await cleanup?.();
    },
  };
}

function checkFile(file: string): void {
  const found = existsSync(file) ? statSync(file) : undefined;
  if (!found?.isFile()) {
    const [what, expected] = found?.isDirectory()
      ? ['which is a folder', `the path of a handler module, such as ${join(file, 'index.ts')}`]
      : ['but there is no such file', 'the path of a handler module'];
    throw new HandlersError('XW_HANDLERS_MISSING', `HANDLERS names ${file}, ${what}: expected ${expected}`);
  }
  if (!HANDLER_EXTENSIONS.includes(extname(file))) {
    throw new HandlersError(
      'XW_HANDLERS_MISSING',
      `HANDLERS names ${file}: expected a file that ends in ${HANDLER_EXTENSIONS.join(', ')}`,
    );
  }
}

async function importModule(file: string): Promise<Record<string, unknown>> {
  loadBySyntax();
  try {
    return (await import(pathToFileURL(file).href)) as Record<string, unknown>;
  } catch (error) {
    throw new HandlersError('XW_HANDLERS_LOAD', `${file} failed to load: ${explainLoadFault(file, error)}`, {
      cause: error,
    });
  }
}

/** A compiled CommonJS module has its own default within the default. */
function defaultFunction(file: string, loaded: Record<string, unknown>): Register {
  let value: unknown = loaded['default'];
  for (let depth = 0; depth < 2 && isObject(value) && 'default' in value; depth++) value = value['default'];
  if (typeof value === 'function' && !isClass(value)) return value as Register;
  const start = extname(file) === '.cjs' ? 'module.exports =' : 'export default';
  throw new HandlersError(
    'XW_HANDLERS_DEFAULT',
    `${file} ${whatIsThere(loaded, value)}: write "${start} async (on) => { on('invoice.updated', …) }"`,
  );
}

/** A compiled CommonJS module has it next to its inner default. */
function tokenFunction(file: string, loaded: Record<string, unknown>): AccessTokenProvider | undefined {
  const inner = isObject(loaded['default']) ? loaded['default'] : {};
  const value = loaded['accessToken'] ?? inner['accessToken'];
  if (value === undefined) return undefined;
  if (typeof value === 'function' && !isClass(value)) return value as AccessTokenProvider;
  throw new HandlersError(
    'XW_HANDLERS_TOKEN',
    `${file} must export accessToken as a function (got ${kindOf(value)}): write "export const accessToken = async (tenantId, { refresh, signal }) => ({ accessToken, expiresAt })"`,
  );
}

function whatIsThere(loaded: Record<string, unknown>, value: unknown): string {
  // Node makes the exports of a CommonJS module its default, even if the module has none.
  const written = value !== undefined && !(isObject(value) && value === loaded['module.exports']);
  if (written) return `must export a function by default (got ${kindOf(value)})`;
  const others = Object.keys(loaded).filter((name) => !['default', 'module.exports', '__esModule'].includes(name));
  return others.length > 0 ? `has no default export; it exports ${others.join(', ')}` : 'exports nothing';
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'function') return 'a class';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Classes are functions but cannot be called. */
function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
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
      `the default export of ${file} failed: ${explainLoadFault(file, error)}`,
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
          `${file} did not load within ${LOAD_LIMIT_MS / 1000} s: look for an await that never resolves`,
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
