import { changeShards, queueContents, recordedShards, shardsKey } from '@xero-webhooks/queue';
import type { QueueRedis } from '@xero-webhooks/queue';
import { MAX_SHARDS } from '@xero-webhooks/runtime';
import { connectToQueues } from '../connect.ts';
import { WrongUsage } from '../wrong-usage.ts';
import { shardsTable } from './table.ts';

/** @param wanted the new number, as typed @defaultValue shows the queues */
export async function runShards(wanted: string | undefined): Promise<void> {
  const count = wanted === undefined ? undefined : shardCount(wanted);
  const redis = await connectToQueues(process.env, process.cwd());
  try {
    for await (const line of count === undefined ? show(redis) : change(redis, count)) {
      process.stdout.write(`${line}\n`);
    }
  } finally {
    redis.close();
  }
}

async function* show(redis: QueueRedis): AsyncGenerator<string> {
  const recorded = await recordedShards(redis.client, redis.prefix);
  if (recorded === undefined) yield `no number of shards is recorded under ${shardsKey(redis.prefix)} yet`;
  else yield `QUEUE_SHARDS is ${recorded}, recorded under ${shardsKey(redis.prefix)}`;
  yield '';
  yield* shardsTable(await queueContents(redis, MAX_SHARDS), recorded ?? 0);
}

async function* change(redis: QueueRedis, count: number): AsyncGenerator<string> {
  yield 'checking that the queues are empty and stay empty for a few seconds';
  const { from, to } = await changeShards(redis, count);
  if (from === to) yield `QUEUE_SHARDS is already ${to}`;
  else yield `QUEUE_SHARDS was ${from ?? 'not recorded'} and is ${to}: start every process with QUEUE_SHARDS=${to}`;
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
