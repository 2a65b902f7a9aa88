import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

export function addSubscribeCommand(program: Command): void {
  program
    .command('subscribe')
    .description(
      'Ask Xero for a webhook subscription, as tutorials do; if Xero refuses, explain how to get one. Reads the access token from XERO_ACCESS_TOKEN.',
    )
    .requiredOption('--url <address>', 'the HTTPS address to which Xero should send webhooks', httpsAddress)
    .option('--events <categories>', 'the categories of events, separated by commas', 'INVOICE,CONTACT')
    .option('--json', 'print Xero’s answer as JSON')
    .action(async ({ url, events, json }: { url: string; events: string; json?: boolean }) => {
      const { runSubscribe } = await import('./run.ts');
      await runSubscribe(url, events, json);
    });
}

function httpsAddress(address: string): string {
  if (URL.canParse(address) && new URL(address).protocol === 'https:') return address;
  throw new InvalidArgumentError('It must be an address that begins with https://.');
}
