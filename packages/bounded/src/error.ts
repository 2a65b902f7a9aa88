import { describeValue } from './describe-value.ts';
import { isErrorLike } from './is-error-like.ts';
import { readField } from './read-field.ts';
import { boundedText } from './text.ts';

/** In characters. */
export const MAX_MESSAGE = 1_000;
export const MAX_STACK = 4_000;

const MAX_NAME = 100;
const MAX_CAUSES = 3;

/** How many errors of an `AggregateError` without a message are listed in its place. */
const MAX_ERRORS = 3;

/** Where the frames of a stack begin. */
const FRAME = '\n    at ';

/** A copy of an error. Its fields are plain data. */
export type BoundedError = Error & { readonly code?: string };

export type BoundedErrorOptions = {
  /** @defaultValue MAX_MESSAGE */
  readonly maxMessage?: number;
  /** @defaultValue MAX_STACK */
  readonly maxStack?: number;
  /** How many causes are followed, one after another. @defaultValue 3 */
  readonly maxCauses?: number;
  /** Replaces the error's own message. */
  readonly message?: string;
};

/**
 * Copies whatever was thrown into an error of our own: name, message, code, stack and causes, each a text of bounded length.
 * It never throws and keeps no reference to the original, which may carry a client's request with its tokens, or a message
 * of fifty megabytes.
 */
export function boundedError(thrown: unknown, options: BoundedErrorOptions = {}): BoundedError {
  const { maxMessage = MAX_MESSAGE, maxStack = MAX_STACK, maxCauses = MAX_CAUSES } = options;
  if (!isErrorLike(thrown)) return errorOf({ name: 'Error', message: options.message ?? describeValue(thrown) });
  const name = nameOf(thrown);
  const whole = readField(thrown, 'message');
  const message = boundedText(options.message ?? messageOf(thrown, name), maxMessage);
  const cause = maxCauses > 0 ? causeOf(thrown, { maxMessage, maxStack, maxCauses: maxCauses - 1 }) : undefined;
  const stack = stackOf(thrown, { name, whole, message, isReplaced: options.message !== undefined, max: maxStack });
  return errorOf({ name, message, stack, code: codeOf(thrown), cause });
}

type Parts = {
  name: string;
  message: string;
  stack?: string | undefined;
  code?: string | undefined;
  cause?: BoundedError | undefined;
};

function errorOf({ name, message, stack = `${name}: ${message}`, code, cause }: Parts): BoundedError {
  // Without a stack of its own: capturing one is slow and would only point here.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  const error: BoundedError & { code?: string } = new Error(message, cause === undefined ? {} : { cause });
  Error.stackTraceLimit = limit;
  const plain = { writable: true, configurable: true, enumerable: false };
  Object.defineProperty(error, 'name', { value: name, ...plain });
  Object.defineProperty(error, 'stack', { value: stack, ...plain });
  if (code !== undefined) error.code = code;
  return error;
}

function nameOf(thrown: unknown): string {
  for (const name of [readField(thrown, 'name'), readField(readField(thrown, 'constructor'), 'name')]) {
    if (typeof name === 'string' && name !== '') return boundedText(name, MAX_NAME);
  }
  return 'Error';
}

function messageOf(thrown: unknown, name: string): string {
  const message = readField(thrown, 'message');
  if (typeof message === 'string' && message !== '') return message;
  if (message !== undefined && message !== '') return describeValue(message);
  const errors = readField(thrown, 'errors');
  const several = Array.from({ length: MAX_ERRORS }, (_, place) => readField(errors, place)).filter(isErrorLike);
  const [first, ...others] = several
    .map((error) => readField(error, 'message'))
    .filter((text) => typeof text === 'string');
  if (first) return [first, ...others].map((text) => boundedText(text, MAX_MESSAGE)).join('; ');
  return codeOf(thrown) ?? (message === '' ? name : `${name} without a message that can be read`);
}

function codeOf(thrown: unknown): string | undefined {
  const code = readField(thrown, 'code');
  return typeof code === 'string' && code !== '' ? boundedText(code, MAX_NAME) : undefined;
}

function causeOf(thrown: unknown, options: BoundedErrorOptions): BoundedError | undefined {
  const cause = readField(thrown, 'cause');
  return cause === undefined || cause === null || cause === thrown ? undefined : boundedError(cause, options);
}

type StackParts = { name: string; whole: unknown; message: string; isReplaced: boolean; max: number };

/** The frames are worth more than the end of a long message in front of them. */
function stackOf(thrown: unknown, { name, whole, message, isReplaced, max }: StackParts): string | undefined {
  const stack = readField(thrown, 'stack');
  if (typeof stack !== 'string' || stack === '') return undefined;
  if (stack.length <= max && !isReplaced) return boundedText(stack, max);
  // A message may contain lines that look like frames.
  const after = typeof whole === 'string' && whole.length < stack.length ? whole.length : 0;
  const frames = stack.indexOf(FRAME, after);
  return boundedText(`${name}: ${message}${frames === -1 ? '' : stack.slice(frames, frames + max)}`, max);
}
