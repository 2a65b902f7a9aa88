import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerHttp } from './answer-http.ts';
import type { Ingress } from './ingress.ts';

/** Handles a request for the webhook over Node's own HTTP types, so that it works in any server. */
export async function handleHttp(ingress: Ingress, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const handled = await ingress.handle(request);
  if (handled.outcome === 'answer') answerHttp(request, response, handled.answer);
}
