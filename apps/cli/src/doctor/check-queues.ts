import { spanText } from '@xero-webhooks/runtime/span-text';
import type { Quarantine, QueueHealth, QueueRedis, WorkerInfo } from '@xero-webhooks/queue';
import { listWorkers, openQueues, queueContents, readQueueHealth, recordedShards } from '@xero-webhooks/queue';
import { MAX_SHARDS } from '@xero-webhooks/runtime';
import { countOf } from '../count-of.ts';
import type { Finding } from './finding.ts';
import { findingsOf } from './finding.ts';

const { ok, problem, warning } = findingsOf('queues');
const ofWorkers = findingsOf('workers');

/** An event that waits for longer than this is late, in milliseconds. */
const LATE_MS = 60_000;

/** Looks at what waits, what is stuck, and who works. */
export async function checkQueues(redis: QueueRedis, quarantine: Quarantine): Promise<Finding[]> {
  const { client, prefix } = redis;
  const [health, all, workers, recorded, bodies] = await Promise.all([
    readQueueHealth(client, openQueues(redis)),
    queueContents(redis, MAX_SHARDS),
    listWorkers(client, prefix),
    recordedShards(client, prefix),
    quarantine.count(),
  ]);
  return [
    shardFinding(redis.shards, recorded),
    ...all.filter(({ shard, left }) => shard >= redis.shards && left > 0).map(orphanFinding),
    ...health.paused.map((name) =>
      problem(
        `${name} is paused: workers take nothing from it`,
        'whoever paused it with BullMQ has to call queue.resume()',
      ),
    ),
    waitingFinding(health),
    ...deadLetterFindings(health),
    ...(health.abandoned > 0
      ? [
          warning(
            `${countOf(health.abandoned, 'event')} at work when a worker was lost`,
            'nothing, if a worker is running: it takes them within half a minute',
          ),
        ]
      : []),
    bodies === 0
      ? ok('the quarantine is empty')
      : warning(
          `${countOf(bodies, 'body', 'bodies')} in quarantine: signed, but not readable`,
          '"xw quarantine list" shows them',
        ),
    ...workerFindings(workers, health, redis.shards),
  ];
}

function shardFinding(shards: number, recorded: number | undefined): Finding {
  if (recorded === undefined) {
    return warning('no process has ever started with this REDIS_PREFIX', 'check REDIS_URL and REDIS_PREFIX');
  }
  const here = process.env['QUEUE_SHARDS'];
  if (here && here.trim() !== String(recorded)) {
    return problem(
      `QUEUE_SHARDS is ${here} here, but ${recorded} is recorded: a process with this setting does not start`,
      `set QUEUE_SHARDS=${recorded}, or change the number with "xw shards"`,
    );
  }
  return ok(`${countOf(shards, 'queue')}, as recorded`);
}

function orphanFinding({ name, left }: QueueHealth['queues'][number]): Finding {
  return problem(
    `${name} holds ${countOf(left, 'event')}, and no worker reads it`,
    '"xw shards" shows the queues; a larger number has their events handled again',
  );
}

function waitingFinding({ queues, waitingSince = Infinity }: QueueHealth): Finding {
  const sum = (pick: (queue: (typeof queues)[number]) => number): number =>
    queues.reduce((total, queue) => total + pick(queue), 0);
  const waiting = sum((queue) => queue.waiting + queue.prioritized);
  const found = `${waiting} waiting, ${sum(({ active }) => active)} at work, ${sum(({ delayed }) => delayed)} delayed`;
  const oldestMs = Date.now() - waitingSince;
  if (oldestMs < LATE_MS) return ok(found);
  return warning(
    `${found}; the oldest has waited for ${spanText(oldestMs)}`,
    'start more workers, or raise WORKER_CONCURRENCY; "xw events --outcome failing" shows what fails meanwhile',
  );
}

function deadLetterFindings({ queues }: QueueHealth): Finding[] {
  const letters = queues.reduce((sum, { deadLetters }) => sum + deadLetters, 0);
  if (letters === 0) return [ok('no dead letters')];
  return [
    warning(countOf(letters, 'dead letter'), '"xw failed list" shows why; then "xw failed retry" or "xw failed drop"'),
  ];
}

function workerFindings(workers: readonly WorkerInfo[], { queues }: QueueHealth, shards: number): Finding[] {
  if (workers.length === 0) {
    const left = queues.reduce((sum, queue) => sum + queue.waiting + queue.prioritized + queue.delayed, 0);
    return [
      ofWorkers.problem(
        left === 0
          ? 'no worker is running'
          : `no worker is running, and ${countOf(left, 'event')} ${left === 1 ? 'waits' : 'wait'} for one`,
        'start one with "xw worker"',
      ),
    ];
  }
  const found = `${countOf(workers.length, 'worker')}: ${workers.map(({ name }) => name).join(', ')}`;
  const others = workers.filter((worker) => handlersOf(worker) !== handlersOf(workers[0]!));
  const releases = new Set(workers.map(({ release }) => release));
  return [
    ofWorkers.ok(found),
    ...(others.length > 0
      ? [
          ofWorkers.warning(
            `${others.map(({ name }) => name).join(', ')} ${others.length === 1 ? 'has' : 'have'} other handlers than ${workers[0]!.name}: an event is handled by those of the worker that takes it`,
            'finish the deployment, so that all workers run the same handlers',
          ),
        ]
      : []),
    ...(releases.size > 1
      ? [ofWorkers.warning(`the workers are of releases ${[...releases].join(', ')}`, 'finish the deployment')]
      : []),
    ...workers
      .filter((worker) => worker.shards !== shards)
      .map(({ name }) =>
        ofWorkers.problem(`${name} runs with another QUEUE_SHARDS`, `set QUEUE_SHARDS=${shards} there`),
      ),
  ];
}

function handlersOf({ handlers }: WorkerInfo): string {
  return handlers
    .map(({ name, events }) => `${name} ${events.toSorted().join(' ')}`)
    .toSorted()
    .join('\n');
}
