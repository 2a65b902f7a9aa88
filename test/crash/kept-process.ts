import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ROOT } from '@xero-webhooks/testing';

/** A process that is restarted after each kill, as a supervisor would do. */
export type KeptProcess = {
  readonly name: string;
  /** Kills it (SIGKILL) and starts it again. Resolves when the new process is ready. */
  kill(): Promise<void>;
  /** Stops it without a restart. */
  stop(): Promise<void>;
  /** How often it ended unkilled. Must stay 0. */
  readonly ownEnds: number;
  /** Log lines that reveal a bug. */
  readonly faults: readonly string[];
};

export async function keepProcess(
  name: string,
  program: string,
  environment: Record<string, string>,
): Promise<KeptProcess> {
  const faults: string[] = [];
  let ownEnds = 0;
  let wanted = true;
  let child = await start();

  async function start(): Promise<ChildProcess> {
    const started = spawn(process.execPath, [`${ROOT}${program}`], {
      env: { PATH: process.env['PATH'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    const onLine = (line: string): void => {
      if (line.includes(' is ready"')) resolve();
      if (/"level":"fatal"|unexpected|uncaught/i.test(line) || !line.startsWith('{'))
        faults.push(`${name}: ${line.slice(0, 500)}`);
    };
    createInterface({ input: started.stdout }).on('line', onLine);
    createInterface({ input: started.stderr }).on('line', onLine);
    started.once('exit', (code, signal) => {
      resolve();
      if (!wanted || signal === 'SIGKILL') return;
      ownEnds++;
      faults.push(`${name} ended unkilled with ${code ?? signal}`);
    });
    await ready;
    return started;
  }

  const gone = (): Promise<unknown> =>
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise((resolve) => child.once('exit', resolve));

  return {
    name,
    faults,
    get ownEnds() {
      return ownEnds;
    },
    async kill() {
      const end = gone();
      child.kill('SIGKILL');
      await end;
      child = await start();
    },
    async stop() {
      wanted = false;
      const end = gone();
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await end;
      clearTimeout(late);
    },
  };
}
