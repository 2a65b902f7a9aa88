import { Logger, run } from 'graphile-worker';
import { answerStarts, noteStart } from '../harness/start-times.ts';

answerStarts();
await run({
  connectionString: process.env['DATABASE_URL'] ?? '',
  concurrency: Number(process.env['WORKER_CONCURRENCY']),
  noHandleSignals: true,
  logger: new Logger(() => () => {}),
  taskList: {
    async event(payload) {
      noteStart((payload as { resourceId: string }).resourceId);
    },
  },
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
