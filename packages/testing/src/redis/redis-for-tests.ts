import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRedisBinary, startJsRedis, startRedisBinary } from '@xero-webhooks/local-redis';

/** A Redis that tests may fill, each under a prefix of its own. `real` says whether it is one, or only stands in. */
export type RedisForTests = {
  readonly url: string;
  readonly real: boolean;
  readonly kind: string;
  stop(): Promise<void>;
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds or starts a Redis for tests: `TEST_REDIS_URL` if set; a container where `TEST_REDIS=container`, or where there is
 * no binary but Docker is; `redis-server` or `valkey-server` from PATH; else the stand-in in JavaScript.
 */
export async function startRedisForTests(environment: Environment): Promise<RedisForTests> {
  const given = environment['TEST_REDIS_URL'];
  if (given) return { url: given, real: true, kind: 'TEST_REDIS_URL', stop: async () => {} };
  const found = findRedisBinary(environment['PATH'] ?? '');
  const wanted = environment['TEST_REDIS'];
  if (wanted === 'container' || (!found && wanted !== 'js' && isDockerThere())) return startContainer();
  if (found && wanted !== 'js') {
    const dir = mkdtempSync(join(tmpdir(), 'xw-redis-'));
    const redis = await startRedisBinary(found, { dir });
    return {
      url: redis.url,
      real: true,
      kind: found.kind,
      async stop() {
        await redis.stop();
        rmSync(dir, { recursive: true, force: true });
      },
    };
  }
  const redis = await startJsRedis();
  return { url: redis.url, real: false, kind: redis.kind, stop: redis.stop };
}

function isDockerThere(): boolean {
  try {
    execFileSync('docker', ['info'], { stdio: 'ignore', timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

async function startContainer(): Promise<RedisForTests> {
  const { GenericContainer, Wait } = await import('testcontainers');
  const container = await new GenericContainer('redis:8-alpine')
    .withCommand(['redis-server', '--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'])
    .withExposedPorts(6379)
    .withWaitStrategy(Wait.forLogMessage(/Ready to accept connections/))
    .start();
  return {
    url: `redis://${container.getHost()}:${container.getMappedPort(6379)}`,
    real: true,
    kind: 'container',
    stop: async () => void (await container.stop()),
  };
}
