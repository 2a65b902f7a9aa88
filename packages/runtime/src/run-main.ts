/**
 * Runs a process's start. An expected fault, known by its code (`XW_…`), ends it with exit code 1 and one line on
 * standard error; anything else is a bug and shows its stack.
 *
 * @param app the name that the line begins with
 * @param start builds and starts the process; what it starts keeps the process alive
 */
export async function runMain(app: string, start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${describeFault(app, error)}\n`, () => process.exit(1));
  }
}

function describeFault(app: string, error: unknown): string {
  if (!(error instanceof Error)) return `${app}: ${String(error)}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!code.startsWith('XW_')) return `${app}: ${error.stack ?? error.message}`;
  return error.message
    .split('\n')
    .map((line) => `${app}: ${line} [${code}]`)
    .join('\n');
}
