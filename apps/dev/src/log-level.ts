import { LOG_LEVELS } from '@xero-webhooks/runtime';

const LEVELS: readonly string[] = LOG_LEVELS;

/** The level of the line that says that a process is ready: `start` always needs that line. */
const READY = LEVELS.indexOf('info');

/**
 * The level at which processes must log to write both the lines asked for and those that `start` needs.
 *
 * @param asked LOG_LEVEL; the processes themselves refuse an unknown level
 */
export function levelForProcesses(asked: string): string {
  return LEVELS.indexOf(asked) > READY ? LEVELS[READY]! : asked;
}

/** Whether a process's line is severe enough to show. Anything but a log line is always shown. */
export function isShown(line: string, asked: string): boolean {
  const [, level = 'silent'] = /^\{"level":"(\w+)"/.exec(line) ?? [];
  return LEVELS.indexOf(level) >= LEVELS.indexOf(asked);
}
