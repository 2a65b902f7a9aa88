import type { ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import type { FaultKind } from './faults.ts';

/** Sends an answer, or as much of it as the fault lets through. */
export function sendAnswer(response: ServerResponse, { status, headers, body }: Answer, fault?: FaultKind): void {
  switch (fault?.kind) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'malformed':
      response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' });
      response.end(`${body.slice(0, body.length / 2)}<html>`);
      return;
    case 'truncated': {
      const whole = Buffer.from(body === '' ? '{}' : body);
      response.writeHead(status, { ...headers, 'content-length': whole.length });
      response.write(whole.subarray(0, whole.length / 2), () => response.socket?.destroy());
      return;
    }
    default:
      response.writeHead(status, headers);
      response.end(body);
  }
}
