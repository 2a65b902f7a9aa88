import { ingressVariables } from '@xero-webhooks/configuration/ingress';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { ServerFacts } from '@xero-webhooks/runtime';
import { CodedError, loadConfig, readServerFacts } from '@xero-webhooks/runtime';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

const { ok, problem, warning, unknown } = findingsOf('redis');
const clock = findingsOf('clock');

const PINGS = 20;

/** In milliseconds. A request waits for two round trips; a worker needs some ten an event. */
const SLOW_MS = 20;

/** The fraction of its memory from which on Redis is nearly full. */
const NEARLY_FULL = 0.8;

/** How far the clocks may be apart, in milliseconds: delays are due by Redis's clock, records show this machine's. */
const CLOCK_MS = 2_000;

/** Looks at each server of Redis, at how fast it answers, and at its clock. */
export async function checkRedis({ client }: QueueRedis): Promise<Finding[]> {
  const servers = await readServerFacts(client);
  return [...servers.flatMap(checkServer), await checkLatency(client), await checkClock(client)];
}

function checkServer(server: ServerFacts): Finding[] {
  return [
    ok(`version ${server.version || 'unknown'} at ${server.address}`),
    evictionFinding(server),
    persistenceFinding(server),
    memoryFinding(server),
    replicaFinding(server),
  ];
}

/** What may evict is refused when it is connected to. */
function evictionFinding({ evictionPolicy }: ServerFacts): Finding {
  if (evictionPolicy !== undefined) return ok(`maxmemory-policy is ${evictionPolicy}`);
  return unknown(
    'this server does not say whether it evicts keys when it is full',
    'make sure that its maxmemory-policy is noeviction: see docs/managed-redis.md',
  );
}

function persistenceFinding({ aof }: ServerFacts): Finding {
  switch (aof) {
    case 'always':
      return ok('writes each event to disk before it is acknowledged (appendfsync always)');
    case 'everysec':
      return ok(
        'writes to disk every second (appendfsync everysec): a crash of its machine can lose the last one or two',
      );
    case 'no':
      return warning(
        'leaves it to the operating system when to write to disk (appendfsync no)',
        'set appendfsync to everysec, or to always if no acknowledged event may be lost',
      );
    case 'off':
      return warning(
        'keeps no append-only file: if it stops, acknowledged events since its last snapshot are lost',
        'set appendonly to yes',
      );
    case undefined:
      return unknown(
        'this server does not say how it writes to disk',
        'look at the persistence in its console: see docs/managed-redis.md',
      );
  }
}

function memoryFinding({ usedMemory, maxMemory }: ServerFacts): Finding {
  if (usedMemory === undefined) return unknown('this server does not say how much memory it uses');
  const used = megabytes(usedMemory);
  if (!maxMemory) {
    return warning(
      `uses ${used} and has no limit: when the machine is full, it can be killed`,
      'set maxmemory below the memory of its machine; when it is reached, Xero is asked to try again later',
    );
  }
  const found = `uses ${used} of ${megabytes(maxMemory)}`;
  if (usedMemory / maxMemory < NEARLY_FULL) return ok(found);
  return problem(
    `${found}: when it is full, events are refused`,
    'give it more memory, or look with "xw shards" at what fills the queues',
  );
}

function replicaFinding({ replicas }: ServerFacts): Finding {
  const wanted = replicasWanted();
  if (replicas === undefined) return unknown('this server does not say how many replicas it has');
  if (replicas >= wanted) return ok(replicas === 0 ? 'has no replicas' : `replicas: ${replicas}`);
  return problem(
    `has ${replicas} of the ${wanted} replicas that REDIS_WAIT_REPLICAS asks for: every request gets 503`,
    'start the replicas, or lower REDIS_WAIT_REPLICAS at the ingress',
  );
}

function replicasWanted(): number {
  const { REDIS_WAIT_REPLICAS } = ingressVariables;
  try {
    return loadConfig({ REDIS_WAIT_REPLICAS }, process.env).REDIS_WAIT_REPLICAS;
  } catch (error) {
    // The configuration's findings say what is wrong with it.
    if (error instanceof CodedError) return 0;
    throw error;
  }
}

async function checkLatency(client: QueueRedis['client']): Promise<Finding> {
  const times: number[] = [];
  for (let ping = 0; ping < PINGS; ping++) {
    const began = performance.now();
    await client.ping();
    times.push(performance.now() - began);
  }
  const sorted = times.toSorted((a, b) => a - b);
  const [median, slowest] = [sorted[PINGS / 2]!, sorted.at(-1)!];
  const found = `answers in ${median.toFixed(1)} ms, the slowest of ${PINGS} times in ${slowest.toFixed(1)} ms`;
  if (median < SLOW_MS) return ok(found);
  return warning(found, 'run the processes near Redis: each request and each event needs several round trips');
}

async function checkClock(client: QueueRedis['client']): Promise<Finding> {
  const began = Date.now();
  const [seconds = 0, microseconds = 0] = await client.time();
  const here = (began + Date.now()) / 2;
  const apart = here - (seconds * 1_000 + microseconds / 1_000);
  if (Math.abs(apart) < CLOCK_MS) return clock.ok("this machine's clock agrees with Redis's");
  const found = `this machine's clock is ${Math.abs(apart / 1_000).toFixed(1)} s ${apart < 0 ? 'behind' : 'ahead of'} Redis's`;
  return clock.warning(found, 'synchronise both clocks: the times in records and logs do not agree');
}

function megabytes(bytes: number): string {
  return bytes < 1_000_000_000 ? `${(bytes / 1_000_000).toFixed(0)} MB` : `${(bytes / 1_000_000_000).toFixed(1)} GB`;
}
