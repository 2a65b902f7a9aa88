import { setTimeout as wait } from 'node:timers/promises';
import colors from 'picocolors';
import { doublingWait } from '@xero-webhooks/runtime';
import type { Child, ChildEnd } from './child.ts';
import { watchHandlers } from './watch-handlers.ts';

type KeptWorker = {
  /** Resolves when the worker is ready for the first time. */
  readonly ready: Promise<unknown>;
  /** Resolves if it ends before it was ever ready. */
  readonly failed: Promise<ChildEnd>;
  stop(): Promise<void>;
};

type Options = {
  start: () => Child;
  /** The handler module. */
  handlers: string;
  print: (text: string) => void;
};

/** The wait before a worker that has ended is started again, in milliseconds. */
const RESTART_WAIT_MS = { first: 1_000, max: 30_000 };

/** After a worker has lived this long, the waits start over. In milliseconds. */
const ALIVE_MS = 30_000;

/**
 * Restarts the worker when its handlers change or when it ends by itself, as a supervisor would in production. A worker
 * that does not start after a change waits for the next change; one that was never ready has failed.
 */
export function keepWorker({ start, handlers, print }: Options): KeptWorker {
  const failed = Promise.withResolvers<ChildEnd>();
  const stopping = new AbortController();
  let changes = Promise.resolve();
  /** How often in a row the worker has ended early. */
  let earlyEnds = 0;
  let everReady = false;
  /** The worker that is being replaced after a change: its end is no fault. */
  let replaced: Child | undefined;
  let worker = begin('start');
  const ready = worker.ready;

  /** @param after why the worker is started */
  function begin(after: 'start' | 'change' | 'end'): Child {
    const child = start();
    let readyAt: number | undefined;
    void child.ready.then(() => {
      readyAt = performance.now();
      everReady = true;
    });
    void child.ended.then((end) => {
      if (stopping.signal.aborted || child === replaced) return;
      if (!everReady) failed.resolve(end);
      else if (after === 'change' && readyAt === undefined) {
        print(colors.yellow('the worker does not start after this change: waiting for the next one'));
      } else void startAgain(end, readyAt === undefined ? 0 : performance.now() - readyAt);
    });
    return child;
  }

  async function startAgain(end: ChildEnd, livedMs: number): Promise<void> {
    if (livedMs >= ALIVE_MS) earlyEnds = 0;
    const waitMs = doublingWait(RESTART_WAIT_MS, earlyEnds);
    earlyEnds += 1;
    const ended = worker;
    print(colors.red(`\nthe worker ended ${describe(end)}: restarting it in ${waitMs / 1000} s`));
    await wait(waitMs, undefined, { signal: stopping.signal }).catch(() => {});
    if (!stopping.signal.aborted && worker === ended) worker = begin('end');
  }

  async function restart(changed: string): Promise<void> {
    if (stopping.signal.aborted) return;
    print(colors.yellow(`\n${changed} changed: restarting the worker`));
    const before = worker;
    replaced = before;
    earlyEnds = 0;
    await before.stop();
    if (!stopping.signal.aborted) worker = begin('change');
  }

  const watcher = watchHandlers(handlers, (changed) => {
    changes = changes.then(() => restart(changed));
  });
  return {
    ready,
    failed: failed.promise,
    async stop() {
      stopping.abort();
      await watcher.stop();
      await changes;
      await worker.stop();
    },
  };
}

function describe({ code, signal }: ChildEnd): string {
  if (signal === 'SIGKILL') return 'by SIGKILL (killed, or its event loop stood still)';
  if (signal === 'SIGABRT') return 'by SIGABRT (out of memory, or a crash in native code)';
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}
