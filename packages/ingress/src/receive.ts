import type { IncomingMessage } from 'node:http';
import type { Admit, RequestHeaders } from './admit.ts';
import type { Answer } from './answer.ts';
import { answerTo, closing } from './answer.ts';
import type { Blame } from './blame.ts';
import type { Observe } from './observe.ts';
import type { RequestOutcome, RefusedUnread } from './request-outcome.ts';
import type { BodyReader, UnreadBody } from './read-body.ts';
import type { Refusals } from './refusals.ts';

export type Handled =
  | { outcome: 'answer'; answer: Answer }
  /** The client closed the connection before its body was complete: there is nobody to answer. */
  | { outcome: 'client-gone' };

export type Receive = {
  /**
   * Reads one request and decides on it. It never rejects.
   *
   * @returns the answer to send, without anything added
   */
  handle(request: IncomingMessage): Promise<Handled>;
  /**
   * Decides on a request whose body another server has read. It never rejects.
   *
   * @param rawBody the exact bytes of the request's body
   * @param headers its headers, names in lower case
   * @returns the answer to send, without anything added
   */
  receive(rawBody: Uint8Array, headers: RequestHeaders): Promise<Answer>;
};

/** Decides on a request within a span of its own. */
export type TraceRequest = (decide: () => Promise<Answer>) => Promise<Answer>;

export type ReceiveOptions = {
  readBody: BodyReader;
  admit: Admit;
  blame: Blame;
  observe: Observe;
  refusals: Pick<Refusals, 'count'>;
  unreadableStatus: 200 | 400;
  /** Runs the decision on a request within a span. @defaultValue it is not traced */
  trace?: TraceRequest | undefined;
  /** A clock in milliseconds that never goes back. */
  now?: () => number;
};

/** Every request takes this path, whichever server it came through: body, decision, log and metrics, answer. */
export function createReceive(options: ReceiveOptions): Receive {
  const { readBody, admit, blame, observe, refusals, unreadableStatus, now = () => performance.now() } = options;
  const trace: TraceRequest = options.trace ?? ((run) => run());

  function conclude(outcome: RequestOutcome, bytes: number, began: number): Answer {
    const answer = answerTo(outcome, unreadableStatus);
    observe(outcome, { bytes, ms: now() - began, status: answer.status });
    if (answer.status >= 400) refusals.count(answer.status, outcome.outcome);
    return answer;
  }

  /** @param began when the request began, which is before its body was read */
  async function decide(rawBody: Uint8Array, headers: RequestHeaders, began: number): Promise<Answer> {
    const read = now();
    const outcome = await admit(rawBody, headers).catch((error: unknown): RequestOutcome => ({
      outcome: 'refused',
      reason: 'unexpected error',
      error,
    }));
    return conclude(blame(outcome, now() - read), rawBody.byteLength, began);
  }

  return {
    async handle(request) {
      const began = now();
      if (request.method !== 'POST') {
        return { outcome: 'answer', answer: conclude({ outcome: 'method-not-allowed' }, 0, began) };
      }
      const read = await readBody(request);
      switch (read.outcome) {
        case 'read':
          return { outcome: 'answer', answer: await trace(() => decide(read.body, request.headers, began)) };
        case 'aborted':
          return { outcome: 'client-gone' };
        default:
          // The rest of the body is not worth reading.
          return { outcome: 'answer', answer: closing(conclude(refusalOf(read), 0, began)) };
      }
    },
    receive: (rawBody, headers) => trace(() => decide(rawBody, headers, now())),
  };
}

function refusalOf(unread: UnreadBody): RefusedUnread {
  switch (unread.outcome) {
    case 'too-large':
    case 'too-many-pieces':
      return { outcome: unread.outcome };
    case 'too-much-at-once':
      return { outcome: 'refused', reason: 'too many bodies at once' };
    case 'too-slow':
      return { outcome: 'refused', reason: 'a body did not come in time' };
  }
}
