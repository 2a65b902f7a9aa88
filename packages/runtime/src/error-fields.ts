import type { BoundedError } from '@xero-webhooks/bounded';
import { boundedError, isErrorLike } from '@xero-webhooks/bounded';
import { explainedAt, isOurCode } from './error-code.ts';
import { withoutArguments } from './redis/without-arguments.ts';

/** What is logged of an error. */
export type ErrorFields = {
  type: string;
  message: string;
  code?: string;
  /** Where the code is explained, if it is one of ours. */
  docs?: string;
  stack?: string;
  cause?: ErrorFields;
};

/** Longest message and stack in a line, in characters. */
const MAX_MESSAGE = 2_000;
const MAX_STACK = 2_000;

/**
 * Picks what may be logged of an error, or of whatever else was thrown. Errors of clients carry along what they were doing,
 * and with it passwords and tokens (those of ioredis the whole command): only the fields that say what went wrong are
 * taken, cut to a bounded length. It never throws.
 */
export function errorFields(error: unknown): ErrorFields {
  if (isErrorLike(error)) return fieldsOf(boundedError(error, { maxMessage: MAX_MESSAGE, maxStack: MAX_STACK }));
  return { type: typeof error, message: boundedError(error).message };
}

function fieldsOf({ name, message, code, stack, cause }: BoundedError): ErrorFields {
  return {
    type: name,
    message: withoutArguments(message),
    ...(code === undefined ? {} : codeFields(code)),
    ...(stack === undefined ? {} : { stack: withoutArguments(stack) }),
    ...(cause === undefined ? {} : { cause: fieldsOf(cause as BoundedError) }),
  };
}

/** A code, and where it is explained if it is one of ours. */
function codeFields(code: string): Pick<ErrorFields, 'code' | 'docs'> {
  return isOurCode(code) ? { code, docs: explainedAt(code) } : { code };
}
