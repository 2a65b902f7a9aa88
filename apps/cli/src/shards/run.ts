import type { QueueContents, QueueRedis } from '@xero-webhooks/queue';
import { changeShards, queueContents, recordedShards, shardsKey, ShardsNotDrained } from '@xero-webhooks/queue';
import { CodedError, MAX_SHARDS } from '@xero-webhooks/runtime';
import { connectToQueues } from '../connect.ts';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { WrongUsage } from '../wrong-usage.ts';
import type { ShardsChangeJson, ShardsJson } from './schema.ts';
import { queuesToShow, shardsTable } from './table.ts';

/** @param wanted the new number, as typed @defaultValue shows the queues */
export async function runShards(wanted: string | undefined, json = false): Promise<void> {
  const count = wanted === undefined ? undefined : shardCount(wanted);
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    if (count === undefined) await show(redis, json);
    else await change(redis, count, json);
  } finally {
    redis.close();
  }
}

async function show(redis: QueueRedis, json: boolean): Promise<void> {
  const recorded = await recordedShards(redis.client, redis.prefix);
  const queues = queuesToShow(await queueContents(redis, MAX_SHARDS), recorded ?? 0);
  if (json) return printJson(shardsJson(queues, recorded));
  const key = shardsKey(redis.prefix);
  printLines([
    recorded === undefined
      ? `no number of shards is recorded under ${key} yet`
      : `QUEUE_SHARDS is ${recorded}, recorded under ${key}`,
    '',
    ...shardsTable(queues, recorded ?? 0),
  ]);
}

function shardsJson(queues: readonly QueueContents[], recorded: number | undefined): ShardsJson {
  return {
    recorded: recorded ?? null,
    queues: queues.map(({ name, waiting, prioritized, active, delayed, deadLetters, handled }) => ({
      name,
      waiting: waiting + prioritized,
      active,
      delayed,
      deadLetters,
      handled,
    })),
  };
}

async function change(redis: QueueRedis, count: number, json: boolean): Promise<void> {
  if (!json) printLines(['checking that the queues are empty and stay empty for a few seconds']);
  const { from, to } = await changeShards(redis, count).catch(nameRemedies);
  if (json) {
    const changed: ShardsChangeJson = { from: from ?? null, to };
    return printJson(changed);
  }
  printLines([
    from === to
      ? `QUEUE_SHARDS is already ${to}`
      : `QUEUE_SHARDS was ${from ?? 'not recorded'} and is ${to}: start every process with QUEUE_SHARDS=${to}`,
  ]);
}

/** Says which commands empty what stands in the way of a change. */
function nameRemedies(error: unknown): never {
  if (!(error instanceof ShardsNotDrained)) throw error;
  const holds = (kind: 'deadLetters' | 'delayed'): boolean => error.left.some((queue) => queue[kind] > 0);
  const remedies = [
    ...(holds('deadLetters') ? ['"xw failed retry" or "xw failed drop" empties the dead letters'] : []),
    ...(holds('delayed') ? ['"xw delayed run" runs the delayed events now'] : []),
    ...(error.left.some(({ waiting, prioritized, active }) => waiting + prioritized + active > 0)
      ? ['running workers handle the rest']
      : []),
  ];
  throw new CodedError('XW_SHARDS_NOT_DRAINED', `${error.message}: ${remedies.join('; ')}`);
}

function shardCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,2}$/.test(text) || count < 1 || count > MAX_SHARDS) {
    throw new WrongUsage(
      'XW_USAGE',
      `count must be a whole number from 1 to ${MAX_SHARDS} (got "${text}"); see "xw shards --help"`,
    );
  }
  return count;
}
