import manifest from '../package.json' with { type: 'json' };
import { keepCompiledCode, saveCompiledCode } from '@xero-webhooks/runtime/compile-cache';
import { runMain } from '@xero-webhooks/runtime/run-main';

await runMain('ingress', async () => {
  keepCompiledCode();
  const { configure, createShutdown } = await import('@xero-webhooks/runtime');
  const { ingressVariables, withPlatformPort } = await import('@xero-webhooks/configuration/ingress');
  const { openTracing } = await import('@xero-webhooks/tracing');
  const traced = openTracing('ingress', manifest.version, process.env);
  const { config, log } = configure('ingress', ingressVariables, withPlatformPort(process.env), traced.logFields);
  const tracing = await traced.begin(config);
  const { startIngress } = await import('./app.ts');
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startIngress(config, log, shutdown, tracing);
  saveCompiledCode();
});
