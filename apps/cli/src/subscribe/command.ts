import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

/** Adds `xw subscribe`. */
export function addSubscribeCommand(program: Command): void {
  program
    .command('subscribe')
    .description(
      'Ask Xero for a webhook subscription, as tutorials do; where Xero takes none this way, say how to get one. Reads the access token from XERO_ACCESS_TOKEN.',
    )
    .requiredOption('--url <address>', 'where Xero should send webhooks: an HTTPS address', httpsAddress)
    .option('--events <categories>', 'which events, separated by commas', 'INVOICE,CONTACT')
    .action(async ({ url, events }: { url: string; events: string }) => {
      const { runSubscribe } = await import('./run.ts');
      await runSubscribe(url, events);
    });
}

function httpsAddress(address: string): string {
  if (URL.canParse(address) && new URL(address).protocol === 'https:') return address;
  throw new InvalidArgumentError('Expected an address that begins with https://.');
}
