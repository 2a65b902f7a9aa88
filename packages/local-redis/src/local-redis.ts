import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { findExecutable } from './find-executable.ts';
import { freePort } from './free-port.ts';

/** What a Redis here runs on: a real server, or the stand-in in JavaScript that keeps nothing. */
export type RedisKind = 'redis-server' | 'valkey-server' | 'js-redis-server';

/** A Redis on this machine that this process has started, listening on loopback only. */
export type LocalRedis = {
  readonly kind: RedisKind;
  readonly url: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** Ends it in order, and waits until it is gone. */
  stop(): Promise<void>;
};

type StartOptions = {
  /** Where a real server keeps its data; made if it is not there. */
  dir: string;
  /** @defaultValue any free port */
  port?: number;
  /** More words for a real server's command line, for example `['--maxmemory', '20mb']`. */
  args?: readonly string[];
  /** Whether the server leaves this process's group, so that a Ctrl-C does not reach it first. @defaultValue false */
  detached?: boolean;
  /** The line of its output with which it is ready. @defaultValue that it accepts connections */
  ready?: RegExp;
};

/**
 * Looks for a Redis or Valkey server.
 *
 * @param path the folders to look in, as in the variable PATH
 */
export function findRedisBinary(path: string): { kind: RedisKind; binary: string } | undefined {
  for (const kind of ['redis-server', 'valkey-server'] as const) {
    const binary = findExecutable(kind, path);
    if (binary) return { kind, binary };
  }
  return undefined;
}

/**
 * Starts a real server that confirms nothing before it is on disk, and never evicts.
 *
 * @throws Error with the server's own words where it does not start
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

/** Starts the stand-in in JavaScript, in a process of its own. What is in it does not survive it. */
export async function startJsRedis({ detached = false } = {}): Promise<LocalRedis> {
  const program = new URL('js-redis-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], detached });
  const line = await firstLine(child, /^listening on \d+$/);
  return running('js-redis-server', child, Number(line.split(' ').at(-1)));
}

/** A server that was started, by its process. */
export function running(kind: RedisKind, child: ChildProcess, port: number): LocalRedis {
  return {
    kind,
    port,
    url: `redis://127.0.0.1:${port}`,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      // A stopped process (SIGSTOP) hears SIGTERM only once it goes on.
      child.kill('SIGCONT');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/**
 * Waits for the line with which a server says that it is there, and lets the rest of its output go by.
 *
 * @param times how many lines of the kind are to come
 * @throws Error with the server's own words where it ends first
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
