import type { Command } from 'commander';

/** Adds `xw itr`. */
export function addItrCommand(program: Command): void {
  program
    .command('itr')
    .description('Check any endpoint as Xero does before it sends events, and say what is wrong with it.')
    .argument('[url]', 'the endpoint, in any language (default: what "xw dev" runs)')
    .option('--key <key>', 'its webhook key (default: XERO_WEBHOOK_KEY or its file, else the development key)')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nIt sends requests without events, about twenty, as Xero’s check of the intent to receive does.',
    )
    .action(async (url: string | undefined, options: { key?: string; json?: boolean }) => {
      const { runItr } = await import('./run.ts');
      await runItr(url, options);
    });
}
