import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { firstLine, freePort, running, startRedisBinary } from '@xero-webhooks/local-redis';
import type { LocalRedis, RedisKind } from '@xero-webhooks/local-redis';
import type { RedisSecurity } from './redis-security.ts';
import { securityArgs, securityUrl } from './redis-security.ts';
import { startAll } from './start-all.ts';

/** A master with its replicas and the Sentinel that watches them, on this machine, listening on loopback only. */
export type RedisSentinel = {
  /** For REDIS_SENTINELS: `host:port`. */
  readonly address: string;
  /** For REDIS_SENTINEL_NAME. */
  readonly name: string;
  /** For REDIS_URL: user, password and TLS. */
  readonly url: string;
  /** The master as it was at the start. */
  readonly master: LocalRedis;
  readonly replicas: readonly LocalRedis[];
  readonly sentinel: LocalRedis;
  stop(): Promise<void>;
};

type Options = RedisSecurity & {
  /** Where the servers keep their data; made if it is not there. */
  dir: string;
  /** @defaultValue 1 */
  replicas?: number;
  /** Whether the Sentinel, too, asks for the password, of its default user. @defaultValue false */
  protectSentinel?: boolean;
  /** The host in the url: only a certificate can make a difference of it. @defaultValue `127.0.0.1` */
  host?: string;
};

const NAME = 'events';

/** How long a master may be silent before another is made master, in milliseconds. */
const DOWN_AFTER_MS = 500;

type Binary = { kind: RedisKind; binary: string };

/**
 * Starts a master, its replicas, and one Sentinel that decides alone.
 *
 * @throws Error with a server's own words where it does not start
 */
export async function startRedisSentinel(
  binary: Binary,
  { dir, replicas: count = 1, protectSentinel = false, host = '127.0.0.1', ...security }: Options,
): Promise<RedisSentinel> {
  const server = async (name: string, args: string[], ready?: RegExp): Promise<LocalRedis> => {
    const port = await freePort();
    const all = [...securityArgs(security, port), '--repl-diskless-sync', 'no', ...args];
    return startRedisBinary(binary, { dir: join(dir, name), port, args: all, ...(ready ? { ready } : {}) });
  };
  const started: LocalRedis[] = [];
  const stop = async (): Promise<void> => void (await Promise.all(started.toReversed().map((one) => one.stop())));
  try {
    const master = await server('master', []);
    started.push(master);
    const following = ['--replicaof', '127.0.0.1', String(master.port)];
    const names = Array.from({ length: count }, (_, index) => `replica-${index}`);
    const replicas = await startAll(names, (name) => server(name, following, /sync: Finished with success/));
    started.push(...replicas);
    const sentinel = await startSentinel(binary, join(dir, 'sentinel'), {
      port: await freePort(),
      master: master.port,
      replicas: count,
      security,
      protect: protectSentinel,
    });
    started.push(sentinel);
    const address = `127.0.0.1:${sentinel.port}`;
    return { address, name: NAME, url: securityUrl(security, host), master, replicas, sentinel, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type SentinelOptions = { port: number; master: number; replicas: number; security: RedisSecurity; protect: boolean };

async function startSentinel({ kind, binary }: Binary, dir: string, options: SentinelOptions): Promise<LocalRedis> {
  const { port, master, replicas, security, protect } = options;
  const { username, password, certificates } = security;
  mkdirSync(dir, { recursive: true });
  const file = join(dir, 'sentinel.conf');
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir ${dir}`,
    `sentinel monitor ${NAME} 127.0.0.1 ${master} 1`,
    `sentinel down-after-milliseconds ${NAME} ${DOWN_AFTER_MS}`,
    `sentinel failover-timeout ${NAME} 3000`,
    ...(username === undefined ? [] : [`sentinel auth-user ${NAME} ${username}`]),
    ...(password === undefined ? [] : [`sentinel auth-pass ${NAME} ${password}`]),
    ...(password !== undefined && protect ? [`requirepass ${password}`] : []),
    ...(certificates ? inFile(securityArgs({ certificates }, port)) : []),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(binary, [file, '--sentinel'], { stdio: ['ignore', 'pipe', 'pipe'] });
  // It is of use once it knows whom it could make master.
  await firstLine(child, /\+slave /, replicas);
  return running(kind, child, port);
}

/** The words of a command line as lines of a configuration file. */
function inFile(args: readonly string[]): string[] {
  return args
    .join(' ')
    .split('--')
    .filter(Boolean)
    .map((line) => line.trim());
}
