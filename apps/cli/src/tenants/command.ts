import type { Command } from 'commander';

export type ForgetOptions = {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly by?: string;
  readonly json?: boolean;
};

const FORGET_HELP = `
It erases the organisation's events in the queues, handled or not, the records of what happened to them, the ledgers, the
figures of what its reads used, and bodies in quarantine that are about it alone. Disconnect it first: what Xero sends
afterwards is stored again. Your handlers' own data, logs and backups are yours to erase.`;

/** Adds `xw tenants`. */
export function addTenantsCommand(program: Command): void {
  const tenants = program
    .command('tenants')
    .description('List the organisations, disconnect one, or forget all that is stored of one.');
  tenants
    .command('list')
    .description('List the organisations: their access to Xero, and how they stand within its limits.')
    .option('--json', 'print them as JSON')
    .action(async (options: { json?: boolean }) => {
      const { printTenants } = await import('./list.ts');
      await printTenants(options);
    });
  tenants
    .command('disconnect')
    .description('Disconnect an organisation at Xero, as the connect page does. What is stored of it stays.')
    .argument('<organisation>', 'its id, or its name')
    .option('--by <name>', 'who does it (default: your user name)')
    .option('--json', 'print the result as JSON')
    .action(async (organisation: string, options: { by?: string; json?: boolean }) => {
      const { disconnectTenant } = await import('./disconnect.ts');
      await disconnectTenant(organisation, options);
    });
  tenants
    .command('forget')
    .description('Erase all that is stored of a disconnected organisation.')
    .argument('<id>', 'its id')
    .option('--yes', 'do it')
    .option('--dry-run', 'only say what would go')
    .option('--by <name>', 'who does it (default: your user name)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', FORGET_HELP)
    .action(async (id: string, options: ForgetOptions) => {
      const { forgetTenant } = await import('./forget.ts');
      await forgetTenant(id, options);
    });
}
