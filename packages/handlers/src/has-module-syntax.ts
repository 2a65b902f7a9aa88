import { stripTypeScriptTypes } from 'node:module';
import { compileFunction } from 'node:vm';

/** Node's messages for ES module syntax in a CommonJS file. */
export const MODULE_SYNTAX = /Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'/;

/** `await` outside functions is module syntax; in a function that is not async it is a mistake in either format. */
const AWAIT = /await is only valid|Unexpected reserved word/;

/**
 * Whether a program can only be an ES module: it has `import`, `export`, `import.meta`, or an `await` outside functions.
 * To find out, it is compiled as CommonJS, as Node does in a package that does not declare its type. For a program that
 * compiles in neither format the answer is false: Node reports the mistake when it loads the file.
 *
 * @param typescript strip types first; `import type` alone is not module syntax, as nothing is left of it
 */
export function hasModuleSyntax(source: string, typescript: boolean): boolean {
  try {
    // A shebang cannot be part of a function.
    const program = (typescript ? stripTypes(source) : source).replace(/^#!.*/, '');
    const fault = commonJsFault(program) ?? '';
    const inAsync = AWAIT.test(fault) ? commonJsFault(`async () => {${program}\n}`) : fault;
    return inAsync === undefined || MODULE_SYNTAX.test(inAsync);
  } catch {
    return false;
  }
}

/** What is wrong with a program as CommonJS. It may declare `require` and the like itself: Node reports that later. */
function commonJsFault(program: string): string | undefined {
  try {
    compileFunction(program);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Without the warning that the function is experimental, which is not about the user's code. */
function stripTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
