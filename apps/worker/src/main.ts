import { configure, createShutdown, runMain } from '@xero-webhooks/runtime';
import { startWorker } from './app.ts';
import { workerVariables } from './config.ts';

await runMain('worker', async () => {
  const { config, log } = configure('worker', workerVariables, process.env);
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startWorker(config, log, shutdown);
});
