import type { Log } from '../logger.ts';
import type { RedisWatch } from './watch.ts';

type Options = {
  watch: RedisWatch;
  log: Log;
  /** The process, for example `ingress`. */
  app: string;
  /** What the process does until Redis is usable, for people. */
  meanwhile: string;
  /** Further fields of both lines, for example the address. */
  fields: Readonly<Record<string, unknown>>;
  /** What else must resolve before the process is ready. @defaultValue nothing */
  others?: Promise<unknown>;
};

/**
 * Logs that the process is ready, once it is: whoever reads that line may send it work. Before that, it logs that Redis is
 * not usable yet.
 */
export function announceReady({ watch, log, app, meanwhile, fields, others = Promise.resolve() }: Options): void {
  if (!watch.state().usable) log.info(fields, `${app} waits for Redis: ${meanwhile}`);
  void Promise.all([watch.firstUsable, others]).then(() => log.info(fields, `${app} is ready`));
}
