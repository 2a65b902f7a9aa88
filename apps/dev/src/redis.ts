import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import {
  CodedError,
  createLogger,
  createRedisConnections,
  loadConfig,
  redisVariables,
  watchRedis,
} from '@xero-webhooks/runtime';
import type { LocalRedis } from '@xero-webhooks/local-redis';
import { findRedisBinary, startJsRedis, startRedisBinary } from '@xero-webhooks/local-redis';
import { claimFolder } from './claim-folder.ts';
import type { RunningProcess } from './running-process.ts';
import { processOf, stillRuns } from './running-process.ts';

/** `stop` ends the Redis if this folder's start owns it. */
export type DevelopmentRedis = {
  readonly url: string;
  /** What it is and where its data is, for the banner. */
  readonly about: string;
  /** For people, if there is anything to warn about. */
  readonly warning: string | undefined;
  /** Resolves when it ends, if this process has started it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

type Environment = Readonly<Record<string, string | undefined>>;

const NEVER = new Promise<void>(() => {});

/**
 * Uses the Redis that REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER names; otherwise a server binary from PATH, or the server
 * that an earlier start left running; otherwise the in-memory stand-in.
 *
 * @param given the value of REDIS_URL, if set
 * @throws CodedError `XW_REDIS_ABSENT` if the named Redis does not answer, or only the stand-in is available in production;
 *   `XW_REDIS_REFUSED` if Redis answers but cannot be used; `XW_ALREADY_RUNS` if another start in this folder has the
 *   server; `XW_REDIS_START` if a server does not start
 */
export async function findOrStartRedis(
  given: string | undefined,
  environment: Environment,
  folder: string,
): Promise<DevelopmentRedis> {
  const variable = (['REDIS_SENTINELS', 'REDIS_CLUSTER'] as const).find((name) => environment[name]?.trim());
  if (variable || given) return useNamed(variable ?? 'REDIS_URL', given, environment);
  const found = findRedisBinary(environment['PATH'] ?? '');
  if (found) {
    const giveBack = claimFolder(folder);
    try {
      return await startOrAdopt(found, folder, giveBack);
    } catch (error) {
      giveBack();
      throw error;
    }
  }
  if (environment['NODE_ENV'] === 'production') {
    throw new CodedError(
      'XW_REDIS_ABSENT',
      'there is no Redis: set REDIS_URL, or install redis-server; the in-memory stand-in is not for production',
    );
  }
  const redis = await startJsRedis({ detached: true });
  return {
    url: redis.url,
    about: `js-redis-server on port ${redis.port}, in memory`,
    warning:
      'There is no redis-server or valkey-server on PATH, so an in-memory stand-in is used. ITS DATA IS LOST ON EXIT. Install Redis (apt-get install redis-server, brew install redis), or set REDIS_URL.',
    ended: endOf(redis),
    stop: redis.stop,
  };
}

/** How long a named Redis may take to answer, in milliseconds: longer than a connection may take. */
const NAMED_PATIENCE_MS = 2_500;

/** Tries what each process will do, so that a fault is reported once and not by every process. */
async function useNamed(
  variable: 'REDIS_URL' | 'REDIS_SENTINELS' | 'REDIS_CLUSTER',
  given: string | undefined,
  environment: Environment,
): Promise<DevelopmentRedis> {
  const config = loadConfig(redisVariables, { ...environment, REDIS_URL: given, REDIS_URL_FILE: undefined });
  const log = createLogger('start', 'silent');
  const { forWatch, faults, address } = createRedisConnections(config, log);
  const client = forWatch('xw-start');
  try {
    const watch = await watchRedis({
      client,
      name: 'xw-start',
      address,
      log,
      faults,
      patienceMs: NAMED_PATIENCE_MS,
    });
    watch.stop();
    // A Redis that does not answer yet, for example because it loads its data, is no fault: the processes wait for it.
    if (!watch.state().usable && watch.fault) {
      throw new CodedError(
        'XW_REDIS_ABSENT',
        `${variable} names ${address}, but nothing answers there: start that Redis, or unset ${variable} to have one started; ${watch.fault.explanation}`,
      );
    }
  } finally {
    client.disconnect();
  }
  return {
    // With Sentinels or a Cluster it only carries user, password and TLS.
    url: given ?? 'redis://127.0.0.1',
    about: `${variable}, ${address}`,
    warning: undefined,
    ended: NEVER,
    stop,
  };
}

/** A Redis that was not started here keeps running. */
async function stop(): Promise<void> {}

/** A server that was started here, recorded so that the next start finds it if this one is killed. */
type Left = RunningProcess & { port: number };

async function startOrAdopt(
  found: NonNullable<ReturnType<typeof findRedisBinary>>,
  folder: string,
  giveBack: () => void,
): Promise<DevelopmentRedis> {
  const note = join(folder, 'redis.json');
  const dir = join(folder, 'redis');
  const about = (port: number): string => `${found.kind} on port ${port}, data in ${dir}`;

  // Two servers would destroy each other's files.
  const left = await readLeft(note);
  if (left) {
    return {
      url: `redis://127.0.0.1:${left.port}`,
      about: about(left.port),
      warning: undefined,
      ended: NEVER,
      stop: async () => {
        if (stillRuns(left)) process.kill(left.pid, 'SIGTERM');
        while (stillRuns(left)) await new Promise((resolve) => setTimeout(resolve, 20));
        rmSync(note, { force: true });
        giveBack();
      },
    };
  }

  const redis = await startRedisBinary(found, { dir, detached: true }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.replaceAll(/\s*\n\s*/g, ' ') : String(error);
    throw new CodedError('XW_REDIS_START', `${found.binary} does not start: ${reason}`);
  });
  writeFileSync(note, JSON.stringify({ ...processOf(redis.process.pid!), port: redis.port } satisfies Left));
  return {
    url: redis.url,
    about: about(redis.port),
    warning: undefined,
    ended: endOf(redis),
    stop: async () => {
      await redis.stop();
      rmSync(note, { force: true });
      giveBack();
    },
  };
}

function endOf(redis: LocalRedis): Promise<void> {
  return new Promise((resolve) => redis.process.once('exit', () => resolve()));
}

async function readLeft(note: string): Promise<Left | undefined> {
  if (!existsSync(note)) return undefined;
  const left = JSON.parse(readFileSync(note, 'utf8')) as Left;
  return stillRuns(left) && (await answers('127.0.0.1', left.port)) ? left : undefined;
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 2_000 });
    const end = (result: boolean): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
