import { configure, createShutdown, runMain } from '@xero-webhooks/runtime';
import { startBoard } from './app.ts';
import { boardVariables } from './config.ts';

await runMain('board', async () => {
  const { config, log } = configure('board', boardVariables, process.env);
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startBoard(config, log, shutdown);
});
