import { keepCompiledCode, saveCompiledCode } from '@xero-webhooks/runtime/compile-cache';
import { runMain } from '@xero-webhooks/runtime/run-main';

await runMain('ingress', async () => {
  keepCompiledCode();
  const { configure, createShutdown } = await import('@xero-webhooks/runtime');
  const { ingressVariables, withPlatformPort } = await import('@xero-webhooks/configuration/ingress');
  const { config, log } = configure('ingress', ingressVariables, withPlatformPort(process.env));
  const { startIngress } = await import('./app.ts');
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startIngress(config, log, shutdown);
  saveCompiledCode();
});
