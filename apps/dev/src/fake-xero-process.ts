import { createLogger, createShutdown, loadConfig, processVariables, runMain } from '@xero-webhooks/runtime';
import { DEMO_ORGANISATIONS, startFakeXero } from '@xero-webhooks/fake-xero';
import { logCall } from './log-call.ts';

// A process of its own, so that nothing else ends or slows down with it. Its clock is the machine's.
await runMain('xero', async () => {
  const config = loadConfig(processVariables, process.env);
  const log = createLogger('xero', config.LOG_LEVEL);
  const shutdown = createShutdown(log, config.SHUTDOWN_DEADLINE_MS);
  // Only the organisation that its custom connection reads: events of another one would be parked.
  const organisations = DEMO_ORGANISATIONS.slice(0, 1);
  const xero = await startFakeXero({ organisations, onCall: (call) => logCall(log, call) });
  shutdown.add('the fake Xero', xero.stop);
  log.info({ url: xero.url }, 'xero is ready');
});
