import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalRedis } from '@xero-webhooks/local-redis';
import { findRedisBinary, freePort, startRedisBinary } from '@xero-webhooks/local-redis';
import type { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { until } from '../app-process.ts';
import { testClient } from './prefix-and-client.ts';

/** A real Redis of the test's own, which the test may harm. What it holds survives that. */
export type OwnRedis = {
  readonly url: string;
  readonly port: number;
  /** Starts it, or starts it again with the data that it had. */
  start(...more: string[]): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Stops it: connections stay open, and nothing is answered. */
  hang(): Promise<void>;
  resume(): void;
  /** A connection to look with, or to set it up; never the one under test. */
  client(): Redis;
};

/**
 * Chooses a port and a folder for a Redis that is not there yet. It is ended when the test is over.
 *
 * @param args more words for its command line
 */
export async function absentRedis(...args: string[]): Promise<OwnRedis> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), 'xw-own-redis-'));
  const url = `redis://127.0.0.1:${port}`;
  let starting: Promise<LocalRedis> | undefined;
  let redis: LocalRedis | undefined;
  onTestFinished(async () => {
    await starting?.then(({ stop }) => stop());
    rmSync(dir, { recursive: true, force: true });
  });
  return {
    url,
    port,
    async start(...more) {
      starting = startRedisBinary(findRedisBinary(process.env['PATH']!)!, { dir, port, args: [...args, ...more] });
      redis = await starting;
    },
    async kill() {
      const gone = new Promise((resolve) => redis!.process.once('exit', resolve));
      redis!.process.kill('SIGKILL');
      await gone;
    },
    async hang() {
      redis!.process.kill('SIGSTOP');
      await until(() => stateOf(redis!.process.pid!) === 'T', 'Redis to be stopped');
    },
    resume: () => void redis!.process.kill('SIGCONT'),
    client: () => testClient(url),
  };
}

/** Starts a Redis of the test's own. */
export async function ownRedis(...args: string[]): Promise<OwnRedis> {
  const redis = await absentRedis(...args);
  await redis.start();
  return redis;
}

/** The letter that stands for what a process does, `T` for stopped. */
function stateOf(pid: number): string {
  return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!;
}
