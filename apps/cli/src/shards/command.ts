import { changeShards, MOST_SHARDS, queueContents, recordedShards, shardsKey } from '@xero-webhooks/queue';
import type { QueueRedis } from '@xero-webhooks/queue';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { connectToQueues } from '../connect.ts';
import { shardsTable } from './table.ts';

/** Adds `xw shards`. */
export function addShardsCommand(program: Command): void {
  program
    .command('shards')
    .description('Show over how many queues the events are spread, and what is in each; or change that.')
    .argument('[count]', 'the new number, for when nothing is left in the queues', shardCount)
    .action(async (count: number | undefined) => {
      const redis = await connectToQueues(process.env, process.cwd());
      try {
        for await (const line of count === undefined ? show(redis) : change(redis, count)) {
          process.stdout.write(`${line}\n`);
        }
      } finally {
        redis.close();
      }
    });
}

async function* show(redis: QueueRedis): AsyncGenerator<string> {
  const recorded = await recordedShards(redis.client, redis.prefix);
  if (recorded === undefined) yield `no number of shards is recorded under ${shardsKey(redis.prefix)} yet`;
  else yield `QUEUE_SHARDS is ${recorded}, recorded under ${shardsKey(redis.prefix)}`;
  yield '';
  yield* shardsTable(await queueContents(redis, MOST_SHARDS), recorded ?? 0);
}

async function* change(redis: QueueRedis, count: number): AsyncGenerator<string> {
  yield 'looking whether anything is left, and for a few seconds whether anything comes';
  const { from, to } = await changeShards(redis, count);
  if (from === to) yield `QUEUE_SHARDS is ${to} already`;
  else yield `QUEUE_SHARDS was ${from ?? 'not recorded'} and is ${to}: start every process with QUEUE_SHARDS=${to}`;
}

function shardCount(text: string): number {
  const count = Number(text);
  if (!/^\d{1,2}$/.test(text) || count < 1 || count > MOST_SHARDS) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${MOST_SHARDS}.`);
  }
  return count;
}
