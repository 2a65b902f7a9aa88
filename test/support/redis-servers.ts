import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AtEnd, Certificates, RedisCluster, RedisSecurity, RedisSentinel } from '@xero-webhooks/testing';
import { findExecutable, findRedisBinary } from '@xero-webhooks/local-redis';
import { describeIf, makeCertificates, startRedisCluster, startRedisSentinel } from '@xero-webhooks/testing';
import { afterAll } from 'vitest';

const binary = findRedisBinary(process.env['PATH'] ?? '');

/** What needs servers that speak TLS. */
export const describeWithTls: ReturnType<typeof describeIf> = describeIf(
  binary !== undefined && findExecutable('openssl', process.env['PATH'] ?? '') !== undefined,
  'redis-server or valkey-server, and openssl, on PATH',
);

/** Registers what is to be done when the tests of a `describe` are over, the last registered first. */
export function atEndOfSuite(): AtEnd {
  const releases: (() => unknown)[] = [];
  afterAll(async () => {
    for (const release of releases.toReversed()) await release();
  });
  return (release) => void releases.push(release);
}

/** A folder that goes at the end. */
export function ownFolder(atEnd: AtEnd): string {
  const dir = mkdtempSync(join(tmpdir(), 'xw-servers-'));
  atEnd(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Makes certificates for servers under the given names. */
export function ownCertificates(names: readonly string[], atEnd: AtEnd): Certificates {
  return makeCertificates(join(ownFolder(atEnd), 'tls'), names);
}

type ClusterOptions = RedisSecurity & { replicas?: boolean; host?: string };

/** Starts a Cluster that is ended at the end, and says what a process has to be told of it. */
export async function ownCluster(
  options: ClusterOptions,
  atEnd: AtEnd,
): Promise<RedisCluster & { environment: Record<string, string> }> {
  const dir = ownFolder(atEnd);
  const cluster = await startRedisCluster(binary!, { dir, ...options });
  atEnd(cluster.stop);
  const environment = { REDIS_URL: cluster.url, REDIS_CLUSTER: cluster.addresses.join(','), ...trusting(options) };
  return { ...cluster, environment };
}

type SentinelOptions = RedisSecurity & { replicas?: number; protectSentinel?: boolean; host?: string };

/** The same for a master, its replicas and a Sentinel. */
export async function ownSentinel(
  options: SentinelOptions,
  atEnd: AtEnd,
): Promise<RedisSentinel & { environment: Record<string, string> }> {
  const dir = ownFolder(atEnd);
  const sentinel = await startRedisSentinel(binary!, { dir, ...options });
  atEnd(sentinel.stop);
  const environment = {
    REDIS_URL: sentinel.url,
    // The first of them is not there: any of them is enough.
    REDIS_SENTINELS: `127.0.0.1:1,${sentinel.address}`,
    REDIS_SENTINEL_NAME: sentinel.name,
    ...trusting(options),
  };
  return { ...sentinel, environment };
}

function trusting({ certificates }: RedisSecurity): Record<string, string> {
  return certificates ? { NODE_EXTRA_CA_CERTS: certificates.authority } : {};
}
