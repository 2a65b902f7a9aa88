import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

export function addUsageCommand(program: Command): void {
  program
    .command('usage')
    .description('Show what reading from Xero used in a day, for each organisation: calls, bytes, and calls left.')
    .option('--day <day>', 'the day, in UTC (default: today); the last eight are kept', dayOf)
    .option('--json', 'print it as JSON')
    .action(async ({ day = new Date(), json }: { day?: Date; json?: boolean }) => {
      const { runUsage } = await import('./run.ts');
      await runUsage(day, json);
    });
}

function dayOf(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime())) return day;
  throw new InvalidArgumentError('It must be a day such as 2026-11-23.');
}
