import { withoutArguments } from './redis/without-arguments.ts';

/** What is logged of an error. */
export type ErrorFields = { type: string; message: string; code?: string; stack?: string; cause?: ErrorFields };

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
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    ...(error.stack === undefined ? {} : { stack: clip(error.stack) }),
    ...(error.cause === undefined || causes === 0 ? {} : { cause: errorFields(error.cause, causes - 1) }),
  };
}

function clip(given: string): string {
  const text = withoutArguments(given);
  return text.length > MOST_MESSAGE ? `${text.slice(0, MOST_MESSAGE)}…` : text;
}
