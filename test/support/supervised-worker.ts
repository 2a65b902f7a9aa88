import type { AppProcess, AtEnd, LogLine } from '@xero-webhooks/testing';
import { startProcess } from '@xero-webhooks/testing';

/** A worker that is started again whenever it ends, as a supervisor would. */
export type SupervisedWorker = {
  /** The lines of all its lives. */
  lines(): LogLine[];
  /** The processes that have ended. */
  readonly lost: readonly number[];
  /** Ends the present process where it stands. */
  kill(): void;
};

/** Starts a worker and keeps it, until the test is over. */
export function superviseWorker(environment: Record<string, string>, atEnd: AtEnd): SupervisedWorker {
  const lives: AppProcess[] = [];
  const lost: number[] = [];
  const releases: Parameters<AtEnd>[0][] = [];
  let over = false;

  function start(): void {
    const app = startProcess(
      ['apps/worker/src/main.ts'],
      { WORKER_ADMIN_PORT: '0', ...environment },
      { atEnd: (release) => void releases.push(release) },
    );
    lives.push(app);
    void app.ended.then(() => {
      lost.push(app.child.pid!);
      if (!over) start();
    });
  }

  start();
  atEnd(async () => {
    over = true;
    for (const release of releases) await release();
  });
  return {
    lines: () => lives.flatMap(({ lines }) => lines),
    lost,
    kill: () => void lives.at(-1)!.child.kill('SIGKILL'),
  };
}
