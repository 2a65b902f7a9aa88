import type { Command } from 'commander';

export function addShardsCommand(program: Command): void {
  program
    .command('shards')
    .description('Show the number of queues and what each contains, or change the number.')
    .argument('[count]', 'the new number of queues; only while all queues are empty')
    .option('--json', 'print the result as JSON')
    .action(async (count: string | undefined, { json }: { json?: boolean }) => {
      const { runShards } = await import('./run.ts');
      await runShards(count, json);
    });
}
