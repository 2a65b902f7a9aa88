import { types } from 'node:util';
import type { BoundedError } from '@xero-webhooks/bounded';
import { boundedError, boundedText, describeValue, isErrorLike, MAX_STACK } from '@xero-webhooks/bounded';
import { answersIn, describeAnswer, parsed } from './answer.ts';

/**
 * An error of our own for what a handler threw, which can be anything. Redis and the logs get only this: texts of bounded
 * length, without anything attached to the original. It never throws.
 */
export function handlerError(thrown: unknown): Error {
  if (types.isPromise(thrown)) {
    ignoreRejection(thrown);
    return ownError('the handler threw a promise: an await is missing');
  }
  const packed = parsed(thrown);
  const isError = isErrorLike(thrown);
  if (isError && packed === undefined) return withCauses(boundedError(thrown));
  const [answer] = answersIn(packed ?? thrown);
  const message = `the handler threw ${answer ? describeAnswer(answer) : describeValue(thrown)}`;
  return isError ? withCauses(boundedError(thrown, { message })) : ownError(message);
}

/** How much of the stack the error itself gets if it has causes, in characters. */
const MAX_OWN_STACK = 2_500;

/** A job keeps only the stack, and if fetch fails, only the cause says why. */
function withCauses(error: BoundedError): BoundedError {
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) causes.push(cause.stack ?? cause.message);
  if (causes.length === 0) return error;
  const own = boundedText(error.stack ?? error.message, MAX_OWN_STACK);
  error.stack = boundedText([own, ...causes].join('\ncaused by '), MAX_STACK);
  return error;
}

function ownError(message: string): Error {
  const error = new Error(message);
  // The place where we create it is of no use.
  error.stack = message;
  return error;
}

/** Nothing else awaits it, and an unhandled rejection would end the process. */
function ignoreRejection(promise: Promise<unknown>): void {
  void Promise.prototype.then.call(promise, undefined, () => undefined);
}
