import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { eventBodies } from '../harness/events.ts';

// The queue's upper bound: one process adds events in groups of a hundred, two groups at a time, for SECONDS.
const { REDIS_URL: url = '', SECONDS } = process.env;

const GROUP = 100;
const AT_ONCE = 2;

const queue = new Queue('raw-events', { connection: { url, maxRetriesPerRequest: null } });
await queue.waitUntilReady();
/** As our ingress reads it from a body of the same size. */
const [event] = (JSON.parse(eventBodies(1).next().value.body.toString()) as { events: unknown[] }).events;
let added = 0;

async function addUntil(end: number): Promise<void> {
  while (performance.now() < end) {
    await queue.addBulk(
      Array.from({ length: GROUP }, (_, index) => ({
        name: 'invoice.updated',
        data: { v: 1, event, sequence: added + index, receivedAt: Date.now(), deliveryId: 'raw-0', source: 'webhook' },
        opts: { jobId: `x${(added + index).toString(36)}-${randomUUID()}`, attempts: 1_000_000 },
      })),
    );
    added += GROUP;
  }
}

async function addFor(seconds: number): Promise<number> {
  const [before, began] = [added, performance.now()];
  await Promise.all(Array.from({ length: AT_ONCE }, () => addUntil(began + seconds * 1000)));
  return (added - before) / ((performance.now() - began) / 1000);
}

await addFor(1);
process.stdout.write(`${JSON.stringify({ perSecond: await addFor(Number(SECONDS)) })}\n`);
process.exit(0);
