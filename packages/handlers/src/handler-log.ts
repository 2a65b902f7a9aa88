import { boundedError, boundedText, boundedValue, isErrorLike } from '@xero-webhooks/bounded';
import type { HandlerLog } from './handler.ts';

/** Longest message, and about how much of the fields of a line is written, in characters. */
const MAX_LOG_MESSAGE = 2_000;
const MAX_LOG_FIELDS = 16_000;

type Level = keyof HandlerLog;
type Write = (...args: unknown[]) => void;

/** What lines go to in the end: pino. */
export type LogTarget = { readonly [level in Level]: Write } & { isLevelEnabled?: (level: string) => boolean };

/**
 * Makes the log of a handler. Whatever a handler logs, its line has a bounded length, and the call returns: neither a cycle,
 * a getter that throws nor fifty megabytes of fields fail the handler or hold up the process.
 */
export function createHandlerLog(target: LogTarget): HandlerLog {
  const at =
    (level: Level): Write =>
    (...args) => {
      try {
        if (target.isLevelEnabled?.(level) !== false) target[level](...args.map(boundedArgument));
      } catch {
        target[level]('a log line of this handler cannot be shown');
      }
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Fields come first or not at all; what follows is a message, and what its placeholders stand for. */
function boundedArgument(argument: unknown, place: number): unknown {
  if (typeof argument === 'string') return boundedText(argument, MAX_LOG_MESSAGE);
  if (place > 0 || typeof argument !== 'object' || argument === null) return boundedValue(argument, MAX_LOG_MESSAGE);
  if (isErrorLike(argument)) return boundedError(argument);
  const fields = boundedValue(argument, MAX_LOG_FIELDS);
  if (typeof fields !== 'object' || fields === null) return { fields };
  const error = errorIn(argument);
  return error === undefined ? fields : { ...fields, err: error };
}

/** The serializer of `err` asks for an error. */
function errorIn(fields: object): Error | undefined {
  try {
    const { err } = fields as { err?: unknown };
    return isErrorLike(err) ? boundedError(err) : undefined;
  } catch {
    return undefined;
  }
}
