import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ProcessUsage } from './process-usage.ts';
import { processUsage } from './process-usage.ts';

/** A process whose work is measured, ended in order when it is disposed of. */
export type BenchProcess = AsyncDisposable & {
  readonly running: boolean;
  /** What it has used so far. */
  usage(): ProcessUsage;
  /** Sends it a message, and waits for its answer. */
  ask(question: string): Promise<unknown>;
};

/** Where its output goes: what it has to say is shown, or nobody listens to it. */
type Output = 'shown' | 'ignored';

/**
 * Starts a process, as in production. It writes no line for each event unless it is told to: whoever reads that works
 * on the same machine.
 *
 * @param environment all that it finds in its environment besides PATH, and may differ from these defaults
 */
export function startBenchProcess(
  program: string,
  environment: Readonly<Record<string, string>>,
  output: Output = 'shown',
): BenchProcess {
  const out = output === 'shown' ? process.stderr : 'ignore';
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', LOG_LEVEL: 'warn', ...environment },
    // It ends by itself when we are gone, because it notices that the channel to us is.
    stdio: ['ignore', out, process.stderr, 'ipc'],
  });
  let running = true;
  const ended = once(child, 'close').then(() => {
    running = false;
  });
  return {
    get running() {
      return running;
    },
    usage: () => processUsage(child.pid!),
    async ask(question) {
      const answer = once(child, 'message');
      child.send(question);
      const [message] = (await answer) as [unknown];
      return message;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
