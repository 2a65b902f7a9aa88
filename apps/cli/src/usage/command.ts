import { readApiUse } from '@xero-webhooks/xero';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { connectToQueues } from '../connect.ts';
import { usageTable } from './table.ts';

/** Adds `xw usage`. */
export function addUsageCommand(program: Command): void {
  program
    .command('usage')
    .description('Show what each organisation’s reads from Xero have cost in a day: calls, bytes, and what is left.')
    .option('--day <day>', 'which day, in UTC; the last eight are kept', dayOf, new Date())
    .action(async ({ day }: { day: Date }) => {
      const redis = await connectToQueues(process.env, process.cwd());
      try {
        const uses = await readApiUse(redis.client, redis.prefix, day);
        process.stdout.write(`${usageTable(uses, day).join('\n')}\n`);
      } finally {
        redis.close();
      }
    });
}

function dayOf(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime())) return day;
  throw new InvalidArgumentError('Expected a day such as 2026-11-23.');
}
