import { Worker } from 'bullmq';
import { answerStarts, noteStart } from '../harness/start-times.ts';

// The worker that tutorials show. Its handler only notes its start.
const { REDIS_URL: url = '', WORKER_CONCURRENCY } = process.env;

answerStarts();
const worker = new Worker<{ resourceId: string }>(
  'xero-webhooks',
  async ({ data }) => {
    noteStart(data.resourceId);
  },
  { connection: { url, maxRetriesPerRequest: null }, concurrency: Number(WORKER_CONCURRENCY) },
);
const end = (): void => void worker.close().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('disconnect', end);
