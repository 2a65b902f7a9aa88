import { createLogger, createShutdown, loadConfig, runMain } from '@xero-webhooks/runtime';
import { startBoard } from './app.ts';
import { boardVariables } from './config.ts';

await runMain('board', async () => {
  const config = loadConfig(boardVariables, process.env);
  const log = createLogger('board', config.LOG_LEVEL);
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startBoard(config, log, shutdown);
});
