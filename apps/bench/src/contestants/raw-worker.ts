import { Worker } from 'bullmq';

// BullMQ's own worker with nothing around it: every job succeeds at once.
const { REDIS_URL: url = '', QUEUE_NAMES = '', QUEUE_PREFIX: prefix = '', WORKER_CONCURRENCY } = process.env;
const { EVENT_RETENTION_S = '0', EVENT_RETENTION_COUNT = '0' } = process.env;

const workers = QUEUE_NAMES.split(',').map(
  (name) =>
    new Worker(name, async () => {}, {
      connection: { url, maxRetriesPerRequest: null },
      prefix,
      concurrency: Number(WORKER_CONCURRENCY),
      removeOnComplete:
        EVENT_RETENTION_COUNT === '0'
          ? { count: 0 }
          : { age: Number(EVENT_RETENTION_S), count: Number(EVENT_RETENTION_COUNT) },
    }),
);
const end = (): void => void Promise.all(workers.map((worker) => worker.close())).then(() => process.exit(0));
process.once('SIGTERM', end);
process.once('disconnect', end);
