/** Least severe first. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/** The level of the line in which a process says that it is ready: `start` has to hear it, whoever else wants to. */
const READY = LEVELS.indexOf('info');

/**
 * The level that processes are to log at, so that the lines that were asked for and those that `start` needs are there.
 *
 * @param asked what LOG_LEVEL says; the processes themselves refuse what is no level
 */
export function levelForProcesses(asked: string): string {
  return LEVELS.indexOf(asked) > READY ? LEVELS[READY]! : asked;
}

/** Whether a process's line is severe enough for what was asked for. What is no line of a log always is. */
export function isShown(line: string, asked: string): boolean {
  const [, level = 'silent'] = /^\{"level":"(\w+)"/.exec(line) ?? [];
  return LEVELS.indexOf(level) >= LEVELS.indexOf(asked);
}
