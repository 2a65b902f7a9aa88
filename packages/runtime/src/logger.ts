import { pino } from 'pino';
import type { Logger } from 'pino';
import { explainedAt, isOurCode } from './error-code.ts';
import { errorFields } from './error-fields.ts';
import { standardOutput } from './line-writer.ts';

export type { Logger };

/** What most code needs of a logger: Fastify's and a handler's fit as well. */
export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * A process's log: one JSON object a line on standard output, written before the call returns. It never throws.
 * A line with a `code` of ours gets `docs`, the place that explains it.
 *
 * @param app what the lines are from, for example `ingress`
 * @param level the least severe level that is written
 * @param fieldsNow gives fields that each line gets when it is written @defaultValue none
 */
export function createLogger(app: string, level: string, fieldsNow?: () => object): Logger {
  const options = {
    level,
    base: { app },
    ...(fieldsNow && { mixin: fieldsNow }),
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: errorFields },
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) =>
        isOurCode(fields['code']) ? { ...fields, docs: explainedAt(fields['code']) } : fields,
    },
  };
  // Not pino's own destination: synchronous it throws where the disk is full, out of whatever called the logger, and its
  // flush, which `fatal` and the end of an asynchronous one need, never ends where lines cannot be written.
  return pino(options, standardOutput);
}
