import { errorCode, explainedAt } from './error-code.ts';

/**
 * Runs a process's start. An expected fault, known by its code (`XW_…`), ends it with exit code 1, or the `exitCode`
 * that it has, and one line on standard error, which names the place in docs/errors.md; anything else is a bug and shows
 * its stack.
 *
 * @param app the name that the line begins with
 * @param start builds and starts the process; what it starts keeps the process alive
 */
export async function runMain(app: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${describeFault(app, error)}\n`, () => process.exit(exitCodeOf(error)));
  }
}

function exitCodeOf(error: unknown): number {
  const wanted = errorCode(error) !== undefined && error instanceof Error && 'exitCode' in error ? error.exitCode : 1;
  return typeof wanted === 'number' ? wanted : 1;
}

function describeFault(app: string, error: unknown): string {
  if (!(error instanceof Error)) return `${app}: ${String(error)}`;
  const code = errorCode(error);
  if (code === undefined) return `${app}: ${error.stack ?? error.message}`;
  return error.message
    .split('\n')
    .map((line) => `${app}: ${line} [${code}] see ${explainedAt(code)}`)
    .join('\n');
}
