import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** A line of a process's log. */
export type LogLine = Record<string, unknown> & { msg: string; level: string };

/** One of our processes, as it would run in production. */
export type AppProcess = {
  readonly child: ChildProcess;
  /** Everything that it has written so far, a line each; what is no JSON is under `msg`. */
  readonly lines: readonly LogLine[];
  /** Waits for a line, one written before too. Rejects where the process ends first. */
  line(matches: (line: LogLine) => boolean, what?: string): Promise<LogLine>;
  /** How it ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** Registers what is to be done at the end, as `onTestFinished` does. */
export type AtEnd = (release: () => void | Promise<void>) => void;

type StartOptions = { cwd?: string; root?: string; execPath?: string; atEnd?: AtEnd };

export const ROOT = new URL('../../../', import.meta.url).pathname;

/**
 * Starts a program of ours as a process, with no environment but what is given, PATH and a cache of compiled code. It is ended when the test is
 * over, if it still runs then.
 *
 * @param program a path from the root of the workspace, then its arguments
 * @param root where the program is, if not in the workspace under test
 * @param execPath the Node that runs it @defaultValue this one
 * @param atEnd registers what ends it, where it is to outlive a test
 */
export function startProcess(
  program: readonly string[],
  environment: Record<string, string>,
  { cwd, root = ROOT, execPath = process.execPath, atEnd = onTestFinished }: StartOptions = {},
): AppProcess {
  const [file, ...args] = program;
  const child = spawn(execPath, [`${root}${file}`, ...args], {
    cwd: cwd ?? root,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  const listeners = new Set<() => void>();
  const onLine = (text: string): void => {
    lines.push(parseLine(text));
    for (const listener of listeners) listener();
  };
  createInterface({ input: child.stdout }).on('line', onLine);
  createInterface({ input: child.stderr }).on('line', onLine);
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  atEnd(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGCONT');
    child.kill('SIGTERM');
    await Promise.race([ended, wait(5_000).then(() => child.kill('SIGKILL'))]);
    await ended;
  });

  return {
    child,
    lines,
    ended,
    line(matches, what = 'a line') {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find(matches);
          if (!found) return;
          listeners.delete(look);
          resolve(found);
        };
        listeners.add(look);
        look();
        void ended.then(({ code, signal }) => {
          const output = lines.map((line) => JSON.stringify(line)).join('\n');
          reject(new Error(`${file} ended (${code ?? signal}) before ${what}:\n${output}`));
        });
      });
    },
  };
}

function parseLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { msg: text, level: 'none' };
  }
}

/** Waits until something holds, asking again every few milliseconds: for what announces itself nowhere. */
export async function until(holds: () => Promise<boolean> | boolean, what: string, limitMs = 20_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`timed out after ${limitMs} ms waiting for ${what}`);
    await wait(10);
  }
}
