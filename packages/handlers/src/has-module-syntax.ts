import { stripTypeScriptTypes } from 'node:module';
import { compileFunction } from 'node:vm';

/** Node says in several ways that it met ES module syntax in what it takes for CommonJS. */
export const MODULE_SYNTAX = /Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'/;

/** `await` outside functions is module syntax; in a function that is not asynchronous it is a mistake in either. */
const AWAIT = /await is only valid|Unexpected reserved word/;

/**
 * Whether a program can only be an ES module: it has `import`, `export`, `import.meta`, or an `await` outside functions.
 * It is compiled as CommonJS to see, as Node does in a package that does not declare its type. What cannot be compiled
 * in either way has none: whoever loads it says where the mistake is.
 *
 * @param typescript whether types are to be left out first; `import type` alone is no module syntax, as nothing is left of it
 */
export function hasModuleSyntax(source: string, typescript: boolean): boolean {
  try {
    // A shebang is no part of a function.
    const program = (typescript ? stripTypes(source) : source).replace(/^#!.*/, '');
    const fault = commonJsFault(program) ?? '';
    const inAsync = AWAIT.test(fault) ? commonJsFault(`async () => {${program}\n}`) : fault;
    return inAsync === undefined || MODULE_SYNTAX.test(inAsync);
  } catch {
    return false;
  }
}

/** What is wrong with a program as CommonJS. The names of a CommonJS module are free for it to declare: Node would tell. */
function commonJsFault(program: string): string | undefined {
  try {
    compileFunction(program);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Node's own way to strip types, without its warning that the function is experimental: it is not about the user's code. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
