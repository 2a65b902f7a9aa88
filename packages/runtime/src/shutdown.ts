import type { Options } from 'close-with-grace';
import closeWithGrace from 'close-with-grace';
import { errorCode } from './error-code.ts';
import type { Logger } from './logger.ts';

/** What is logged of an error that nobody caught, besides the error. */
export type UncaughtError = { readonly fields: object; readonly message: string };

export type Shutdown = {
  /**
   * Explains errors that nobody caught. Both functions run in the asynchronous context that the error comes from.
   *
   * @param isHarmless whether the process can go on after a rejection. @defaultValue never
   */
  explainUncaught(
    explain: (error: unknown) => UncaughtError | undefined,
    isHarmless?: (rejection: unknown) => boolean,
  ): void;
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
  let explain: (error: unknown) => UncaughtError | undefined = () => undefined;
  let isHarmless: (rejection: unknown) => boolean = () => false;

  function logUncaught(err: unknown): void {
    const { fields, message } = explain(err) ?? { fields: {}, message: 'uncaught error' };
    const code = errorCode(err);
    // An error with a code of ours says by itself what to do: its stack would only hide that.
    if (code === undefined) log.fatal({ err, ...fields }, message);
    else log.fatal({ ...fields, code }, (err as Error).message);
  }

  async function releaseAll(): Promise<void> {
    for (const { name, release } of releases.toReversed()) {
      try {
        await release();
      } catch (error) {
        log.warn({ err: error, resource: name }, 'could not be released');
      }
    }
  }

  function onSecondError(err: unknown): never {
    logUncaught(err);
    process.exit(1);
  }

  // The grace of close-with-grace covers a release that hangs; a little longer than ours, so that ours is logged.
  const options: Options = { delay: deadlineMs + 500, logger: false, onSecondError, skip: ['unhandledRejection'] };
  const grace = closeWithGrace(options, async ({ signal, err }) => {
    if (err) logUncaught(err);
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

  process.on('unhandledRejection', (reason) => {
    if (!isHarmless(reason)) process.emit('uncaughtException', reason as Error, 'unhandledRejection');
  });

  if (process.channel) process.once('disconnect', () => grace.close());

  return {
    explainUncaught(how, harmless = () => false) {
      explain = how;
      isHarmless = harmless;
    },
    add: (name, release) => void releases.push({ name, release }),
    begin(reason, code) {
      if (exitCode !== 0) return;
      exitCode = code;
      log.error({ reason }, 'stopping because of a fault');
      grace.close();
    },
  };
}
