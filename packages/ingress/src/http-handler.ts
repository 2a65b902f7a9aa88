import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { answerHttp } from './answer-http.ts';
import type { Ingress } from './ingress.ts';
import type { RefusedUnread } from './outcome.ts';

/** Handles a request for the webhook over Node's own HTTP types, so that it works in any server. */
export async function handleHttp(ingress: Ingress, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') {
    return answerHttp(request, response, ingress.refuse({ outcome: 'method-not-allowed' }));
  }
  const read = await ingress.readBody(request);
  switch (read.outcome) {
    case 'read':
      return answerHttp(request, response, await ingress.receive(read.body, request.headers));
    case 'too-large':
    case 'too-many-pieces':
      return answerHttp(request, response, refuseUnread(ingress, read));
    case 'too-much-at-once':
      return answerHttp(
        request,
        response,
        refuseUnread(ingress, { outcome: 'refused', reason: 'too many bodies at once' }),
      );
    case 'too-slow':
      return answerHttp(
        request,
        response,
        refuseUnread(ingress, { outcome: 'refused', reason: 'a body did not come in time' }),
      );
    case 'aborted':
  }
}

/** What is left of the body is not worth reading. */
function refuseUnread(ingress: Ingress, outcome: RefusedUnread): Answer {
  const answer = ingress.refuse(outcome);
  return { ...answer, headers: { ...answer.headers, connection: 'close' } };
}
