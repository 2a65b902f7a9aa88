import manifest from '../package.json' with { type: 'json' };
import { keepCompiledCode, saveCompiledCode } from '@xero-webhooks/runtime/compile-cache';
import { runMain } from '@xero-webhooks/runtime/run-main';

await runMain('worker', async () => {
  keepCompiledCode();
  const { configure, createShutdown } = await import('@xero-webhooks/runtime');
  const { workerVariables } = await import('@xero-webhooks/configuration/worker');
  const { openTracing } = await import('@xero-webhooks/tracing');
  const traced = openTracing('worker', manifest.version, process.env);
  const { config, log } = configure('worker', workerVariables, process.env, traced.logFields);
  const tracing = await traced.begin(config);
  const { startWorker } = await import('./app.ts');
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startWorker(config, log, shutdown, tracing);
  saveCompiledCode();
});
