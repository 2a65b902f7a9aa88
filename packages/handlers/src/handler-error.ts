import { types } from 'node:util';
import { boundedError, describeValue, isErrorLike } from '@xero-webhooks/bounded';
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
  if (isError && packed === undefined) return boundedError(thrown);
  const [answer] = answersIn(packed ?? thrown);
  const message = `the handler threw ${answer ? describeAnswer(answer) : describeValue(thrown)}`;
  return isError ? boundedError(thrown, { message }) : ownError(message);
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
