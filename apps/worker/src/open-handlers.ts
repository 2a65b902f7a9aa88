import { fileURLToPath } from 'node:url';
import type { workerVariables } from '@xero-webhooks/configuration/worker';
import { forwardEverything } from '@xero-webhooks/forward';
import type { HandlerModule } from '@xero-webhooks/handlers';
import { createRegistry, loadHandlerModule } from '@xero-webhooks/handlers';
import type { ConfigOf, Logger } from '@xero-webhooks/runtime';

/** What runs where neither HANDLERS nor FORWARD_URL is set. */
const SAMPLES = fileURLToPath(new URL('handlers/index.ts', import.meta.url));

/** `file` is missing where events are only forwarded. */
export type OpenHandlers = Omit<HandlerModule, 'file'> & { readonly file?: string };

/** Loads the handler module that HANDLERS names, and adds the handler that forwards to FORWARD_URL. */
export async function openHandlers(config: ConfigOf<typeof workerVariables>, log: Logger): Promise<OpenHandlers> {
  const forwards = forwardEverything(config);
  if (config.HANDLERS !== undefined) return loadHandlerModule(config.HANDLERS, process.cwd(), forwards);
  if (!forwards) {
    log.warn('HANDLERS names no module: samples run, and they only log the events');
    return loadHandlerModule(SAMPLES, process.cwd());
  }
  const registry = createRegistry();
  forwards(registry.on);
  registry.seal();
  return { registry, accessToken: undefined, close: async () => undefined };
}
