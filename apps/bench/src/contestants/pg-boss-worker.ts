import { answerStarts, noteStart } from '../harness/start-times.ts';
import { openBoss, QUEUE } from './pg-boss-queue.ts';

// It takes as many jobs at once as the others work on, and goes on at once while there are more.
answerStarts();
const boss = await openBoss();
await boss.work<{ resourceId: string }>(
  QUEUE,
  { batchSize: Number(process.env['WORKER_CONCURRENCY']), burstWhenBatchFull: true },
  async (jobs) => {
    for (const { data } of jobs) noteStart(data.resourceId);
  },
);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
