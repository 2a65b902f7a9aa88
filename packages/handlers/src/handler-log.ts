import { boundedError, boundedText, boundedValue, isErrorLike } from '@xero-webhooks/bounded';
import type { HandlerLog } from './handler.ts';

/** In characters; the fields of a line are cut to about this length. */
const MAX_LOG_MESSAGE = 2_000;
const MAX_LOG_FIELDS = 16_000;

type Level = keyof HandlerLog;
type Write = (...args: unknown[]) => void;

/** Pino. */
export type LogTarget = { readonly [level in Level]: Write } & { isLevelEnabled?: (level: string) => boolean };

/**
 * Every line has a bounded length, and every call returns: cycles, getters that throw and fifty megabytes of fields neither
 * fail the handler nor block the process.
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

/** Fields can only come first; then follow the message and the values for its placeholders. */
function boundedArgument(argument: unknown, place: number): unknown {
  if (typeof argument === 'string') return boundedText(argument, MAX_LOG_MESSAGE);
  if (place > 0 || typeof argument !== 'object' || argument === null) return boundedValue(argument, MAX_LOG_MESSAGE);
  if (isErrorLike(argument)) return boundedError(argument);
  const fields = boundedValue(argument, MAX_LOG_FIELDS);
  if (typeof fields !== 'object' || fields === null) return { fields };
  const error = errorIn(argument);
  return error === undefined ? fields : { ...fields, err: error };
}

/** Pino's serializer of `err` needs an error. */
function errorIn(fields: object): Error | undefined {
  try {
    const { err } = fields as { err?: unknown };
    return isErrorLike(err) ? boundedError(err) : undefined;
  } catch {
    return undefined;
  }
}
