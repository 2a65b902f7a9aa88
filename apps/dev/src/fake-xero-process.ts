import { createLogger, createShutdown, loadConfig, processVariables, runMain } from '@xero-webhooks/runtime';
import { startFakeXero } from '@xero-webhooks/fake-xero';
import { logCall } from './log-call.ts';

// A process of its own, so that nothing else ends or slows down with it. Its clock is the machine's.
await runMain('xero', async () => {
  const config = loadConfig(processVariables, process.env);
  const log = createLogger('xero', config.LOG_LEVEL);
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  const xero = await startFakeXero({ onCall: (call) => logCall(log, call) });
  shutdown.add('the fake Xero', xero.stop);
  log.info({ url: xero.url }, 'xero is ready');
});
