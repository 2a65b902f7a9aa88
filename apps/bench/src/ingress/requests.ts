import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { sign, xeroBodies } from './xero-bodies.ts';

export type RequestFile = {
  readonly file: string;
  readonly requests: number;
  readonly eventsEach: number;
  /** The resource of each event, in the order of the file: every event is of another one. */
  readonly resourceIds: readonly string[];
};

/** Writes requests to a file, signed, every event in them another one: the signature, a space and the body in each line. */
export async function writeRequests(
  file: string,
  { requests, eventsEach, key }: { requests: number; eventsEach: number; key: string },
): Promise<RequestFile> {
  const out = createWriteStream(file);
  const bodies = xeroBodies(
    eventsEach,
    Array.from({ length: 20 }, () => randomUUID()),
  );
  const resourceIds: string[] = [];
  for (let made = 0; made < requests; made++) {
    const body = bodies.next().value;
    resourceIds.push(...resourceIdsIn(body));
    if (!out.write(`${sign(body, key)} ${body}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return { file, requests, eventsEach, resourceIds };
}

/** The resources of the events in a body, or in the data of a job. */
export function resourceIdsIn(text: string): string[] {
  return [...text.matchAll(/"resourceId":"([^"]+)"/g)].map(([, id]) => id!);
}
