import { types } from 'node:util';
import type { BoundedError } from '@xero-webhooks/bounded';
import { boundedError, boundedText, describeValue, isErrorLike, MAX_STACK } from '@xero-webhooks/bounded';
import { answersIn, describeAnswer, parsed } from './answer.ts';

/**
 * Makes an error of our own out of what a handler threw, which can be anything. Everything that is kept of it, in Redis and
 * in logs, comes from here: texts of bounded length, without what hangs on the original. It never throws.
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

/** How much of the stack is left to the error itself where it has causes, in characters. */
const MAX_OWN_STACK = 2_500;

/** Only the stack is kept with a job: where fetch fails, the cause alone says why. */
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
  // The place where it is made says nothing to anybody.
  error.stack = message;
  return error;
}

/** Nobody else looks at it any more: unhandled, it would end the process. */
function ignoreRejection(promise: Promise<unknown>): void {
  void Promise.prototype.then.call(promise, undefined, () => undefined);
}
