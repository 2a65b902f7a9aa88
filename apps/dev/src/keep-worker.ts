import colors from 'picocolors';
import type { Child } from './child.ts';
import { watchHandlers } from './watch-handlers.ts';

type KeptWorker = {
  /** The worker was ready for the first time. */
  readonly ready: Promise<unknown>;
  /** It ended by itself. */
  readonly failed: Promise<{ code: number }>;
  stop(): Promise<void>;
};

/**
 * Runs the worker, and runs it anew when its handlers change. One that does not start after a change waits for the next
 * change; one that does not start at all, or ends later, has failed.
 */
export function keepWorker(start: () => Child, handlers: string, print: (text: string) => void): KeptWorker {
  let worker = start();
  const firstReady = worker.ready;
  let change = Promise.resolve();
  let stopping = false;
  let fail: (end: { code: number }) => void;
  const failed = new Promise<{ code: number }>((resolve_) => {
    fail = resolve_;
  });
  /** The worker whose end is wanted: of itself it has not failed. */
  let unwanted: Child | undefined;

  function watchEnd(child: Child, changed: boolean): void {
    let wasReady = false;
    void child.ready.then(() => {
      wasReady = true;
    });
    void child.ended.then((end) => {
      if (stopping || child === unwanted) return;
      if (changed && !wasReady)
        print(colors.yellow('the worker does not start with this change: waiting for the next one'));
      else fail(end);
    });
  }

  async function restart(changed: string): Promise<void> {
    if (stopping) return;
    print(colors.yellow(`\n${changed} changed: restarting the worker`));
    unwanted = worker;
    await worker.stop();
    if (stopping) return;
    worker = start();
    watchEnd(worker, true);
  }

  watchEnd(worker, false);
  const watcher = watchHandlers(handlers, (changed) => {
    change = change.then(() => restart(changed));
  });
  return {
    ready: firstReady,
    failed,
    async stop() {
      stopping = true;
      await watcher.stop();
      await change;
      await worker.stop();
    },
  };
}
