import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Express } from 'express';
import express from 'express';

type Options = { redis: string; prefix?: string; shards?: number };

/** An application whose Bull Board shows the queues of xero-webhooks beside its own: one for each of QUEUE_SHARDS. */
export function buildApp({ redis, prefix = 'xw', shards = 1 }: Options): { app: Express; close: () => void } {
  const connection = new Redis(redis, { maxRetriesPerRequest: null });
  const queues = Array.from(
    { length: shards },
    (_, shard) => new Queue(`xero-events-${shard}`, { prefix, connection }),
  );
  const serverAdapter = new ExpressAdapter();
  serverAdapter.setBasePath('/queues');
  // To be looked at only: retries and replays go through "xw", which knows what each handler has done.
  createBullBoard({ queues: queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true })), serverAdapter });
  const app = express();
  app.use('/queues', serverAdapter.getRouter());
  return { app, close: () => connection.disconnect() };
}
