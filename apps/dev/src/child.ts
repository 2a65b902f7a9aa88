import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** How a process ended: with a code, 1 where a signal ended it. */
export type ChildEnd = { readonly code: number; readonly signal: NodeJS.Signals | null };

/** One of the processes that this one starts and shows. */
export type Child = {
  readonly name: string;
  /** Its fields of the log line that says that it is ready. */
  readonly ready: Promise<Record<string, unknown>>;
  readonly ended: Promise<ChildEnd>;
  /** Asks it to end, and makes it end where it takes too long. */
  stop(): Promise<void>;
};

type Options = {
  name: string;
  /** The program to run. */
  file: string;
  environment: NodeJS.ProcessEnv;
  /** Gets every line that it writes. */
  onLine: (line: string) => void;
  /** How long it may take to end, in milliseconds. */
  patienceMs: number;
};

/**
 * Starts a process of ours. It is in a group of its own, so that a Ctrl-C reaches only us and it ends in order; it ends
 * by itself when we are gone, because it notices that the channel to us is.
 */
export function startChild({ name, file, environment, onLine, patienceMs }: Options): Child {
  const child = spawn(process.execPath, [file], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const ended = new Promise<ChildEnd>((resolve) => {
    // 'close' comes after the last of its output.
    child.once('close', (code, signal) => resolve({ code: code ?? 1, signal }));
  });
  const ready = new Promise<Record<string, unknown>>((resolve) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      onLine(line);
      if (line.includes(`"msg":"${name} is ready"`)) resolve(JSON.parse(line) as Record<string, unknown>);
    });
  });
  createInterface({ input: child.stderr! }).on('line', onLine);

  return {
    name,
    ready,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      await ended;
      clearTimeout(late);
    },
  };
}
