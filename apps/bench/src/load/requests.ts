import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { sign } from '@xero-webhooks/webhook';
import { eventBodies } from '../harness/events.ts';
import { WEBHOOK_KEY } from '../harness/receiver.ts';

/** Signed requests: on each line the signature, a space and the body. */
export type RequestFile = {
  readonly file: string;
  readonly requests: number;
  readonly eventsEach: number;
  /** The resource of each event, in the order of the file. Each has one event only. */
  readonly resourceIds: readonly string[];
};

export async function writeRequests(
  file: string,
  { requests, eventsEach }: { requests: number; eventsEach: number },
): Promise<RequestFile> {
  const out = createWriteStream(file);
  const all: string[] = [];
  for (const { body, resourceIds } of eventBodies(eventsEach).take(requests)) {
    all.push(...resourceIds);
    if (!out.write(`${sign(body, WEBHOOK_KEY)} ${body.toString()}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return { file, requests, eventsEach, resourceIds: all };
}
