import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A process that works on the queue, ended in order when it is disposed of. */
export type WorkerProcess = AsyncDisposable & { readonly pid: number };

/** The worker that runs in production. */
export const OUR_WORKER = new URL('../../worker/src/main.ts', import.meta.url).pathname;

/** BullMQ's worker with nothing around it; it finds the names of its queues in `QUEUE_NAMES`. */
export const RAW_WORKER = new URL('raw-worker.ts', import.meta.url).pathname;

/** How many lines of a process's output are shown where it ends too early. */
const SHOWN_LINES = 8;

/**
 * Starts a worker, and waits until it is ready.
 *
 * @param program a file that Node can run, which says on a line of its output that the worker is ready
 * @param environment all that it finds in its environment besides PATH
 * @throws Error with the last of its output where it ends before that
 */
export async function startWorkerProcess(
  program: string,
  environment: Readonly<Record<string, string>>,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], ...environment },
    // It ends by itself when we are gone, because it notices that the channel to us is.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const onLine = (line: string): void => {
      if (line.includes('worker is ready')) resolve();
      lines.push(line);
      if (lines.length > SHOWN_LINES) lines.shift();
    };
    createInterface({ input: child.stdout! }).on('line', onLine);
    createInterface({ input: child.stderr! }).on('line', onLine);
    void ended.then(() => reject(new Error(`the worker ended before it was ready:\n${lines.join('\n')}`)));
  });
  return {
    pid: child.pid!,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** The path of one of the handler modules for benchmarks. */
export function handlerModule(name: string): string {
  return new URL(`handlers/${name}.ts`, import.meta.url).pathname;
}
