import { setTimeout as wait } from 'node:timers/promises';
import colors from 'picocolors';
import { doublingWait } from '@xero-webhooks/runtime';
import type { Child, ChildEnd } from './child.ts';
import { watchHandlers } from './watch-handlers.ts';

type KeptWorker = {
  /** The worker was ready for the first time. */
  readonly ready: Promise<unknown>;
  /** It has ended before it ever was. */
  readonly failed: Promise<ChildEnd>;
  stop(): Promise<void>;
};

type Options = {
  start: () => Child;
  /** The handler module. */
  handlers: string;
  print: (text: string) => void;
};

/** The pause before a worker that has ended is started again, in milliseconds: at first, and at most. */
const PAUSE_MS = { first: 1_000, max: 30_000 };

/** A worker that has lived for longer than this, in milliseconds, has its next end followed by the first pause again. */
const ALIVE_MS = 30_000;

/**
 * Runs the worker, and runs it anew when its handlers change, or when it ends by itself, as a supervisor would in
 * production. One that does not start after a change waits for the next change; one that never was ready has failed.
 */
export function keepWorker({ start, handlers, print }: Options): KeptWorker {
  const failed = Promise.withResolvers<ChildEnd>();
  const stopping = new AbortController();
  let changes = Promise.resolve();
  /** How often in a row it has ended early. */
  let earlyEnds = 0;
  let everReady = false;
  /** The worker that a change has made out of date: that it ends is no fault. */
  let replaced: Child | undefined;
  let worker = begin('start');
  const ready = worker.ready;

  /** @param after why it is started */
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
        print(colors.yellow('the worker does not start with this change: waiting for the next one'));
      } else void startAgain(end, readyAt === undefined ? 0 : performance.now() - readyAt);
    });
    return child;
  }

  async function startAgain(end: ChildEnd, livedMs: number): Promise<void> {
    if (livedMs >= ALIVE_MS) earlyEnds = 0;
    const pauseMs = doublingWait(PAUSE_MS, earlyEnds);
    earlyEnds += 1;
    const ended = worker;
    print(colors.red(`\nthe worker ended ${describe(end)}: starting it again in ${pauseMs / 1000} s`));
    await wait(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
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
