import { keepCompiledCode, saveCompiledCode } from '@xero-webhooks/runtime/compile-cache';
import { runMain } from '@xero-webhooks/runtime/run-main';

await runMain('board', async () => {
  keepCompiledCode();
  const { configure, createShutdown } = await import('@xero-webhooks/runtime');
  const { boardVariables } = await import('@xero-webhooks/configuration/board');
  const { config, log } = configure('board', boardVariables, process.env);
  const { startBoard } = await import('./app.ts');
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startBoard(config, log, shutdown);
  saveCompiledCode();
});
