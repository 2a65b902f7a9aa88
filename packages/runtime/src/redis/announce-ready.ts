import type { Log } from '../logger.ts';
import type { RedisWatch } from './watch.ts';

type Options = {
  watch: RedisWatch;
  log: Log;
  /** What the lines are about, for example `ingress`. */
  app: string;
  /** What the process does until Redis can be worked with, for people. */
  meanwhile: string;
  /** What the lines say besides, for example the address. */
  fields: Readonly<Record<string, unknown>>;
  /** What else has to be there. @defaultValue nothing */
  others?: Promise<unknown>;
};

/**
 * Says that a process is ready, once it is: what waits for the line may send it work. Where Redis cannot be worked with
 * yet, another line says so first.
 */
export function announceReady({ watch, log, app, meanwhile, fields, others = Promise.resolve() }: Options): void {
  if (!watch.state().usable) log.info(fields, `${app} waits for Redis: ${meanwhile}`);
  void Promise.all([watch.firstUsable, others]).then(() => log.info(fields, `${app} is ready`));
}
