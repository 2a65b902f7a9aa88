import { explainedAt, isOurCode } from './error-code.ts';

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

const MOST_MESSAGE = 2_000;
const MOST_CAUSES = 3;

/**
 * Picks what may be logged of an error. Errors of clients carry along what they were doing, and with it passwords and
 * tokens (those of ioredis the whole command): only the fields that say what went wrong are taken.
 */
export function errorFields(error: unknown, causes: number = MOST_CAUSES): ErrorFields {
  if (!(error instanceof Error)) return { type: typeof error, message: clip(String(error)) };
  return {
    type: error.name,
    message: clip(error.message),
    ...('code' in error && typeof error.code === 'string' ? codeFields(error.code) : {}),
    ...(error.stack === undefined ? {} : { stack: clip(error.stack) }),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: errorFields(error.cause, causes - 1) }),
  };
}

/** A code, and where it is explained if it is one of ours. */
function codeFields(code: string): Pick<ErrorFields, 'code' | 'docs'> {
  return isOurCode(code) ? { code, docs: explainedAt(code) } : { code };
}

function clip(text: string): string {
  return text.length > MOST_MESSAGE ? `${text.slice(0, MOST_MESSAGE)}…` : text;
}
