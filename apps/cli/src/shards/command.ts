import type { Command } from 'commander';

/** Adds `xw shards`. */
export function addShardsCommand(program: Command): void {
  program
    .command('shards')
    .description('Show how many queues the events are spread over and what each holds, or change the number.')
    .argument('[count]', 'the new number of queues; only while all queues are empty')
    .action(async (count: string | undefined) => {
      const { runShards } = await import('./run.ts');
      await runShards(count);
    });
}
