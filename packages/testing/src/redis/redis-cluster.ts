import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, startRedisBinary } from '@xero-webhooks/local-redis';
import type { LocalRedis, RedisKind } from '@xero-webhooks/local-redis';
import type { RedisSecurity } from './redis-security.ts';
import { securityArgs, securityUrl } from './redis-security.ts';
import { startAll } from './start-all.ts';

/** A Redis Cluster on this machine, listening on loopback only. */
export type RedisCluster = {
  /** For REDIS_CLUSTER: `host:port` of each master. */
  readonly addresses: readonly string[];
  /** For REDIS_URL: user, password and TLS. */
  readonly url: string;
  /** In the order of their addresses. */
  readonly masters: readonly LocalRedis[];
  /** In the order of their masters; none unless asked for. */
  readonly replicas: readonly LocalRedis[];
  /** Starts a master that has ended, with the data that it had. @returns the new server */
  restart(master: LocalRedis): Promise<LocalRedis>;
  stop(): Promise<void>;
};

type Options = RedisSecurity & {
  /** Where the servers keep their data; made if it is not there. */
  dir: string;
  /** Whether each master has a replica that takes its place when it is gone for two seconds. @defaultValue false */
  replicas?: boolean;
  /** The host in the url: only a certificate can make a difference of it. @defaultValue `127.0.0.1` */
  host?: string;
};

type Member = {
  readonly id: string;
  readonly port: number;
  readonly busPort: number;
  /** What nodes.conf says of it: its role, then its master, then its slots. */
  readonly role: 'master' | 'slave';
  readonly master: string;
  readonly slots: string;
};

/** The slots, in as many parts of the same size as there are masters. */
const SLOTS = ['0-5460', '5461-10922', '10923-16383'];

/** How long a master with a replica may be silent, in milliseconds. */
const NODE_TIMEOUT_MS = 2_000;

/**
 * Starts a Cluster of three masters that know each other from the first moment on.
 *
 * @throws Error with a server's own words where it does not start
 */
export async function startRedisCluster(
  binary: { kind: RedisKind; binary: string },
  { dir, replicas: wanted = false, host = '127.0.0.1', ...security }: Options,
): Promise<RedisCluster> {
  const masters: Member[] = [];
  for (const slots of SLOTS) masters.push({ ...(await newcomer()), role: 'master', master: '-', slots });
  const replicas: Member[] = [];
  for (const { id } of wanted ? masters : []) {
    replicas.push({ ...(await newcomer()), role: 'slave', master: id, slots: '' });
  }
  const members = [...masters, ...replicas];

  const start = async ({ port, busPort, role }: Member): Promise<LocalRedis> => {
    const cluster = [
      '--cluster-enabled',
      'yes',
      '--cluster-config-file',
      'nodes.conf',
      '--cluster-port',
      String(busPort),
    ];
    const failover = wanted ? ['--cluster-node-timeout', String(NODE_TIMEOUT_MS), '--repl-diskless-sync', 'no'] : [];
    const args = [...cluster, ...failover, ...securityArgs(security, port)];
    const ready = role === 'master' ? /Cluster state changed: ok/ : /sync: Finished with success/;
    return startRedisBinary(binary, { dir: join(dir, String(port)), port, args, ready });
  };
  for (const member of members) {
    mkdirSync(join(dir, String(member.port)), { recursive: true });
    writeFileSync(join(dir, String(member.port), 'nodes.conf'), nodesFile(members, member));
  }
  const servers = await startAll(members, start);
  return {
    addresses: masters.map(({ port }) => `127.0.0.1:${port}`),
    url: securityUrl(security, host),
    masters: servers.slice(0, masters.length),
    replicas: servers.slice(masters.length),
    async restart({ port }) {
      const again = await start(masters.find((member) => member.port === port)!);
      servers.push(again);
      return again;
    },
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

async function newcomer(): Promise<Pick<Member, 'id' | 'port' | 'busPort'>> {
  return { id: randomBytes(20).toString('hex'), port: await freePort(), busPort: await freePort() };
}

/** What a server keeps in its nodes.conf (https://redis.io/docs/latest/commands/cluster-nodes/). */
function nodesFile(members: readonly Member[], self: Member): string {
  const lines = members.map((member, index) => {
    const { id, port, busPort, role, master, slots } = member;
    const flags = member === self ? `myself,${role}` : role;
    const epoch = role === 'master' ? index + 1 : 0;
    return `${id} 127.0.0.1:${port}@${busPort} ${flags} ${master} 0 0 ${epoch} connected ${slots}`.trimEnd();
  });
  return [...lines, `vars currentEpoch ${SLOTS.length} lastVoteEpoch 0`, ''].join('\n');
}
