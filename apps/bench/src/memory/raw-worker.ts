import { Worker } from 'bullmq';

// BullMQ's own worker with nothing around it, to compare with: every job succeeds at once.
const { REDIS_URL: url = '', QUEUE_NAME: name = '', QUEUE_PREFIX: prefix = '', WORKER_CONCURRENCY } = process.env;

const worker = new Worker(name, async () => {}, {
  connection: { url, maxRetriesPerRequest: null },
  prefix,
  concurrency: Number(WORKER_CONCURRENCY),
  removeOnComplete: { count: 0 },
});
const end = (): void => void worker.close().then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('disconnect', end);
await worker.waitUntilReady();
process.stdout.write('worker is ready\n');
