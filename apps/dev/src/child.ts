import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** `code` is 1 if a signal ended the process. */
export type ChildEnd = { readonly code: number; readonly signal: NodeJS.Signals | null };

export type Child = {
  readonly name: string;
  /** The fields of the log line that says that it is ready. */
  readonly ready: Promise<Record<string, unknown>>;
  readonly ended: Promise<ChildEnd>;
  /** Asks it to end, and kills it if it takes too long. */
  stop(): Promise<void>;
};

type Options = {
  name: string;
  /** The program to run. */
  file: string;
  environment: NodeJS.ProcessEnv;
  /** Called with each line that it writes. */
  onLine: (line: string) => void;
  /** How long it may take to end, in milliseconds. */
  patienceMs: number;
};

/**
 * The process has a group of its own, so that Ctrl-C reaches only this one, which stops it in order. It ends by itself
 * when this process is gone, because the channel to it closes.
 */
export function startChild({ name, file, environment, onLine, patienceMs }: Options): Child {
  const child = spawn(process.execPath, [file], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  const ended = new Promise<ChildEnd>((resolve) => {
    // 'close' follows the last output.
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
