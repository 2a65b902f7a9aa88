import { pino } from 'pino';
import type { Logger } from 'pino';
import { errorFields } from './error-fields.ts';

export type { Logger };

/** What most code needs of a logger: Fastify's and a handler's fit as well. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * Makes a process's logger: one JSON object a line on standard output.
 *
 * @param app what the lines are from, for example `ingress`
 * @param level the least severe level that is written
 */
export function createLogger(app: string, level: string): Logger {
  const options = {
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorFields },
    formatters: { level: (label: string) => ({ level: label }) },
  };
  // Synchronous: asynchronous lines are flushed at exit, and that never ends where the reader of our output is gone.
  return pino(options, pino.destination({ dest: 1, sync: true }));
}
