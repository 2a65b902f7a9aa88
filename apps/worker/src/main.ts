import { createLogger, createShutdown, loadConfig, runMain } from '@xero-webhooks/runtime';
import { startWorker } from './app.ts';
import { workerVariables } from './config.ts';

await runMain('worker', async () => {
  const config = loadConfig(workerVariables, process.env);
  const log = createLogger('worker', config.LOG_LEVEL);
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startWorker(config, log, shutdown);
});
