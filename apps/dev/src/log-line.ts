import colors from 'picocolors';
import { commandFor } from './command-for.ts';

const LEVEL_COLORS: Readonly<Record<string, (text: string) => string>> = {
  debug: colors.dim,
  trace: colors.dim,
  warn: colors.yellow,
  error: colors.red,
  fatal: colors.red,
};

/** The widest name, so that the columns of all processes line up. */
const NAME_WIDTH = 'ingress'.length;

/** The widest level. `info` is left out, so that the others stand out where there are no colours either. */
const LEVEL_WIDTH = 'error'.length;

/**
 * Formats a process's log line for people: time, process, level, message, then fields; below it the stack, and the command
 * that is of use now. A line that is not JSON is passed on with the name of its process.
 */
export function readableLine(name: string, line: string): string {
  const fields = parse(line);
  const prefix = colors.cyan(name.padEnd(NAME_WIDTH));
  if (!fields) return `${prefix}  ${line}`;
  const { level, time, app: _app, msg, err, stack: ownStack, ...rest } = fields;
  const clock = typeof time === 'string' ? time.slice(11, 23) : '';
  const paint = LEVEL_COLORS[String(level)] ?? ((text: string) => text);
  const mark = paint((level === 'info' || typeof level !== 'string' ? '' : level).padEnd(LEVEL_WIDTH));
  const details = Object.entries({ ...rest, ...codeOf(err) }).map(([key, value]) => `${key}=${show(value)}`);
  const shownStack = [err === undefined ? [] : showError(err), typeof ownStack === 'string' ? ownStack : []].flat();
  const stack = shownStack.map((text) => `\n${withoutControls(text)}`).join('');
  const command = commandFor(rest);
  const next = command ? `\n    ${command.about}: ${colors.bold(command.command)}` : '';
  const message = paint(typeof msg === 'string' ? msg : '');
  return `${colors.dim(clock)} ${prefix} ${mark} ${message}  ${colors.dim(details.join(' '))}${stack}${next}`;
}

function show(value: unknown): string {
  if (isObject(value) && !Array.isArray(value)) {
    return Object.entries(value)
      .map(([key, inner]) => `${key}:${show(inner)}`)
      .join(',');
  }
  if (Array.isArray(value)) return value.map(show).join(',');
  const text = String(value);
  // Values can come from outside: no control character may reach the terminal.
  return /[\s\p{Cc}]/u.test(text) ? JSON.stringify(text) : text;
}

/** Keeps line breaks, which a stack needs. */
function withoutControls(text: string): string {
  return text.replaceAll(/[^\P{Cc}\n]/gu, '�');
}

function showError(error: unknown): string {
  const words = isObject(error) ? (error['stack'] ?? error['message']) : error;
  return typeof words === 'string' ? words : show(error);
}

/** Code and place in the docs of one of our errors: its stack has neither. */
function codeOf(error: unknown): Record<string, unknown> {
  return isObject(error) && error['docs'] !== undefined ? { code: error['code'], docs: error['docs'] } : {};
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
