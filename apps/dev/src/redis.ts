import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { CodedError } from '@xero-webhooks/runtime';
import type { LocalRedis } from '@xero-webhooks/testing';
import { findRedisBinary, startJsRedis, startRedisBinary } from '@xero-webhooks/testing';
import { claimFolder } from './claim-folder.ts';
import type { RunningProcess } from './running-process.ts';
import { processOf, stillRuns } from './running-process.ts';

/** The Redis that the processes work with. `stop` ends it where it is ours. */
export type DevelopmentRedis = {
  readonly url: string;
  /** What it is and where its data is, for people. */
  readonly about: string;
  /** What people ought to know of it, if anything. */
  readonly warning: string | undefined;
  /** Ends when it does, where this process has started it. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
};

type Environment = Readonly<Record<string, string | undefined>>;

const NEVER = new Promise<void>(() => {});

/**
 * Finds or starts Redis: the one of REDIS_URL, REDIS_SENTINELS or REDIS_CLUSTER; else a server binary from PATH, or the
 * one that an earlier start left behind; else the stand-in in JavaScript.
 *
 * @param given the value of REDIS_URL, where it is set
 * @throws CodedError `XW_REDIS_ABSENT` where REDIS_URL names one that is not there, or where only the stand-in is left and
 *   this is production; `XW_ALREADY_RUNS` where another start in this folder has the server; `XW_REDIS_START` where a server
 *   does not start
 */
export async function findOrStartRedis(
  given: string | undefined,
  environment: Environment,
  folder: string,
): Promise<DevelopmentRedis> {
  const several = environment['REDIS_SENTINELS'] || environment['REDIS_CLUSTER'];
  // There the address only carries user, password and TLS: nobody needs to answer at it.
  if (several) return { url: given || 'redis://127.0.0.1', about: several, warning: undefined, ended: NEVER, stop };
  if (given) return useGiven(given);
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
      'there is no Redis: set REDIS_URL, or install redis-server; the stand-in that keeps nothing is not for production',
    );
  }
  const redis = await startJsRedis({ detached: true });
  return {
    url: redis.url,
    about: `js-redis-server on port ${redis.port}, in memory`,
    warning:
      'There is no redis-server or valkey-server on PATH, so a stand-in in JavaScript runs. EVENTS DO NOT SURVIVE IT. Install Redis: apt-get install redis-server, brew install redis, or set REDIS_URL.',
    ended: endOf(redis),
    stop: redis.stop,
  };
}

async function useGiven(address: string): Promise<DevelopmentRedis> {
  if (URL.canParse(address)) {
    const url = new URL(address);
    if (!(await answers(url.hostname, Number(url.port || 6379)))) {
      throw new CodedError(
        'XW_REDIS_ABSENT',
        `REDIS_URL names ${url.host}, and nothing answers there: start that Redis, or unset REDIS_URL to have one started`,
      );
    }
    return { url: address, about: `REDIS_URL, ${url.host}`, warning: undefined, ended: NEVER, stop };
  }
  // The processes say what is wrong with it.
  return { url: address, about: 'REDIS_URL', warning: undefined, ended: NEVER, stop };
}

/** What is not ours is left alone. */
async function stop(): Promise<void> {}

/** What is known of a server that was started here, for the next start to find if this one is killed. */
type Left = RunningProcess & { port: number };

async function startOrAdopt(
  found: NonNullable<ReturnType<typeof findRedisBinary>>,
  folder: string,
  giveBack: () => void,
): Promise<DevelopmentRedis> {
  const note = join(folder, 'redis.json');
  const dir = join(folder, 'redis');
  const about = (port: number): string => `${found.kind} on port ${port}, data in ${dir}`;

  // Two servers on the same files would destroy them.
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
    const words = error instanceof Error ? error.message.replaceAll(/\s*\n\s*/g, ' ') : String(error);
    throw new CodedError('XW_REDIS_START', `${found.binary} does not start: ${words}`);
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
