import type { Command } from 'commander';
import { Argument } from 'commander';

/** What a key is for. */
export const KEY_KINDS = ['webhook', 'encryption'] as const;

export type KeyKind = (typeof KEY_KINDS)[number];

const MORE_HELP = `
webhook     a key that signs simulated events in development. Xero makes the key of a real app: copy it from the
            developer portal into XERO_WEBHOOK_KEY.
encryption  a key for TOKEN_ENCRYPTION_KEY: 32 random bytes in base64. Keep it; without it every organisation has to be
            connected again.`;

/** Adds `xw keys`. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('Make a key, or encrypt the stored tokens with another one.');
  keys
    .command('generate')
    .description('Make a key and print it, and nothing else.')
    .addArgument(new Argument('<kind>', 'what the key is for').choices(KEY_KINDS))
    .option('--json', 'print it as JSON')
    .addHelpText('after', MORE_HELP)
    .action(async (kind: KeyKind, options: { json?: boolean }) => {
      const { generateKey } = await import('./run.ts');
      generateKey(kind, options);
    });
  keys
    .command('rotate')
    .description(
      'Encrypt the stored token sets with the first key in TOKEN_ENCRYPTION_KEY. Then the other keys can be removed.',
    )
    .option('--by <name>', 'who does it (default: your user name)')
    .option('--json', 'print the result as JSON')
    .action(async (options: { by?: string; json?: boolean }) => {
      const { rotateKeys } = await import('./run.ts');
      await rotateKeys(options);
    });
}
