import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

/** Adds `xw usage`. */
export function addUsageCommand(program: Command): void {
  program
    .command('usage')
    .description('Show what each organisation’s reads from Xero used in a day: calls, bytes, and what is left.')
    .option('--day <day>', 'which day, in UTC; the last eight are kept', dayOf, new Date())
    .action(async ({ day }: { day: Date }) => {
      const { runUsage } = await import('./run.ts');
      await runUsage(day);
    });
}

function dayOf(text: string): Date {
  const day = new Date(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(day.getTime())) return day;
  throw new InvalidArgumentError('Expected a day such as 2026-11-23.');
}
