import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/** Beside the code, where only those who may change the code can write, unlike in a shared temporary folder. */
const FOLDER = fileURLToPath(new URL('../../../node_modules/.cache/compiled', import.meta.url));

/**
 * Keeps compiled code between starts: of every module that is imported afterwards, so import the rest dynamically. Where
 * the folder cannot be written, nothing is kept. `NODE_DISABLE_COMPILE_CACHE=1` switches it off.
 */
export function keepCompiledCode(): void {
  enableCompileCache(FOLDER);
}

/** Writes what was compiled since the start; without it, a process that is killed leaves nothing for the next one. */
export function saveCompiledCode(): void {
  flushCompileCache();
}
