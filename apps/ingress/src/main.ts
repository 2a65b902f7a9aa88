import { configure, createShutdown, runMain } from '@xero-webhooks/runtime';
import { startIngress } from './app.ts';
import { ingressVariables, withPlatformPort } from './config.ts';

await runMain('ingress', async () => {
  const { config, log } = configure('ingress', ingressVariables, withPlatformPort(process.env));
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startIngress(config, log, shutdown);
});
