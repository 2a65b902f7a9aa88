import { createLogger, createShutdown, loadConfig, runMain } from '@xero-webhooks/runtime';
import { startIngress } from './app.ts';
import { ingressVariables, withPlatformPort } from './config.ts';

await runMain('ingress', async () => {
  const config = loadConfig(ingressVariables, withPlatformPort(process.env));
  const log = createLogger('ingress', config.LOG_LEVEL);
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  await startIngress(config, log, shutdown);
});
