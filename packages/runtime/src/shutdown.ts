import closeWithGrace from 'close-with-grace';
import { errorCode } from './error-code.ts';
import type { Logger } from './logger.ts';

export type Shutdown = {
  /** Registers what has to be released at the end. The last registered is released first. */
  add(name: string, release: () => unknown): void;
  /** Begins the shutdown as a signal would, for example because the process can no longer do its work. */
  begin(reason: string, exitCode: number): void;
};

/**
 * Ends the process in order: on SIGTERM, SIGINT, an uncaught error, or when the process that started it is gone
 * (where there is an IPC channel to it). A second signal, or the deadline, ends it at once.
 *
 * @param deadlineMs how long all releases together may take, in milliseconds
 */
export function createShutdown(log: Logger, deadlineMs: number): Shutdown {
  const releases: { name: string; release: () => unknown }[] = [];
  let exitCode = 0;

  async function releaseAll(): Promise<void> {
    for (const { name, release } of releases.toReversed()) {
      try {
        await release();
      } catch (error) {
        log.warn({ err: error, resource: name }, 'could not be released');
      }
    }
  }

  // The grace of close-with-grace covers a release that hangs; a little longer than ours, so that ours is logged.
  const grace = closeWithGrace({ delay: deadlineMs + 500, logger: false }, async ({ signal, err }) => {
    if (err) logUncaught(log, err);
    else log.info({ signal }, 'stopping');
    const expired = setTimeout(() => {
      log.error({ deadlineMs }, 'did not stop in time');
      process.exit(exitCode || 1);
    }, deadlineMs);
    await releaseAll();
    clearTimeout(expired);
    log.info('stopped');
    if (exitCode !== 0) process.exit(exitCode);
  });

  if (process.channel) process.once('disconnect', () => grace.close());

  return {
    add: (name, release) => void releases.push({ name, release }),
    begin(reason, code) {
      if (exitCode !== 0) return;
      exitCode = code;
      log.error({ reason }, 'stopping because of a fault');
      grace.close();
    },
  };
}

/** An error with a code of ours says by itself what to do: its stack would only hide that. */
function logUncaught(log: Logger, error: Error): void {
  const code = errorCode(error);
  if (code === undefined) log.fatal({ err: error }, 'uncaught error');
  else log.fatal({ code }, error.message);
}
