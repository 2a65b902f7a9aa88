import type { Command } from 'commander';

export function addAlertsCommand(program: Command): void {
  program
    .command('alerts')
    .description('List the alerts that are open, or post one to ALERT_URL as a test.')
    .option('--test', 'post a test instead')
    .option('--json', 'print the result as JSON')
    .action(async (options: { test?: boolean; json?: boolean }) => {
      const { runAlerts } = await import('./run.ts');
      await runAlerts(options);
    });
}
