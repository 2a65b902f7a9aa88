import { fileURLToPath } from 'node:url';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { findExecutable } from './find-executable.ts';
import { freePort } from './free-port.ts';

/** A real server, or the in-memory stand-in written in JavaScript, which loses its data on exit. */
export type RedisKind = 'redis-server' | 'valkey-server' | 'js-redis-server';

/** A Redis that this process has started, listening only on loopback. */
export type LocalRedis = {
  readonly kind: RedisKind;
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Shuts it down and waits until it has exited. */
  stop(): Promise<void>;
};

type StartOptions = {
  /** Where a real server keeps its data; created if missing. */
  dir: string;
  /** @defaultValue any free port */
  port?: number;
  /** More arguments for a real server, for example `['--maxmemory', '20mb']`. */
  args?: readonly string[];
  /** Whether the server leaves this process group, so that Ctrl-C does not reach it first. @defaultValue false */
  detached?: boolean;
  /** The output line that says it is ready. @defaultValue that it accepts connections */
  ready?: RegExp;
};

/**
 * @param path the folders to search, as in PATH
 */
export function findRedisBinary(path: string): { kind: RedisKind; binary: string } | undefined {
  for (const kind of ['redis-server', 'valkey-server'] as const) {
    const binary = findExecutable(kind, path);
    if (binary) return { kind, binary };
  }
  return undefined;
}

/**
 * Starts a real server that writes to disk before it answers, and never evicts.
 *
 * @throws Error with the server's output if it does not start
 */
export async function startRedisBinary(
  { kind, binary }: { kind: RedisKind; binary: string },
  { dir, port, args = [], detached = false, ready = /Ready to accept connections/ }: StartOptions,
): Promise<LocalRedis> {
  mkdirSync(dir, { recursive: true });
  const chosen = port ?? (await freePort());
  const durable = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  const place = ['--bind', '127.0.0.1', '--port', String(chosen), '--dir', dir, '--daemonize', 'no'];
  const child = spawn(binary, [...place, ...durable, ...args], { stdio: ['ignore', 'pipe', 'pipe'], detached });
  await firstLine(child, ready);
  return running(kind, child, chosen);
}

/** Starts the in-memory stand-in, in a process of its own. */
export async function startJsRedis({ detached = false } = {}): Promise<LocalRedis> {
  const program = fileURLToPath(new URL('js-redis-process.ts', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached });
  const line = await firstLine(child, /^listening on \d+$/);
  return running('js-redis-server', child, Number(line.split(' ').at(-1)));
}

/** Wraps the process of a server that has been started. */
export function running(kind: RedisKind, child: ChildProcess, port: number): LocalRedis {
  return {
    kind,
    port,
    url: `redis://127.0.0.1:${port}`,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // A stopped process (SIGSTOP) handles SIGTERM only after SIGCONT.
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/**
 * Waits for the output line that says a server is ready; keeps draining its output after that.
 *
 * @param times how many matching lines to wait for
 * @throws Error with the server's output if it exits first
 */
export function firstLine(child: ChildProcess, sign: RegExp, times = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    const seen: string[] = [];
    let count = 0;
    const onLine = (line: string): void => {
      seen.push(line);
      if (sign.test(line) && ++count === times) resolve(line);
    };
    createInterface({ input: child.stdout! }).on('line', onLine);
    createInterface({ input: child.stderr! }).on('line', onLine);
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`Redis ended with code ${code}:\n${seen.slice(-8).join('\n')}`)));
  });
}
