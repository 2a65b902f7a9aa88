import type { Command } from 'commander';

export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'Look at Redis, the configuration, the queues, the workers and the access to Xero, and say what to do about what is wrong. The exit code is 1 where something needs action.',
    )
    .summary('Say what is wrong with the system, and what to do about it.')
    .option('--json', 'print the findings as JSON')
    .action(async (options: { json?: boolean }) => {
      const { runDoctor } = await import('./run.ts');
      await runDoctor(options);
    });
}
