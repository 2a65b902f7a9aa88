import { loadConfig, required, token } from '@xero-webhooks/runtime';
import { createSubscription } from '@xero-webhooks/xero';
import { xeroAppVariables } from '@xero-webhooks/xero-auth';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { notice } from '../notice.ts';

/** What the command reads from its environment: a token on the command line would be there for everybody to see. */
const subscribeVariables = {
  XERO_ACCESS_TOKEN: required(token, { about: 'An access token of the app that is to be told.', secret: true }),
  XERO_API_URL: xeroAppVariables.XERO_API_URL,
};

/** Adds `xw subscribe`. */
export function addSubscribeCommand(program: Command): void {
  program
    .command('subscribe')
    .description(
      'Ask Xero for a webhook subscription, as tutorials do; where Xero takes none this way, say how it is done. Reads the access token from XERO_ACCESS_TOKEN.',
    )
    .requiredOption('--url <address>', 'where Xero is to send webhooks: HTTPS', httpsAddress)
    .option('--events <categories>', 'which events, with commas between them', 'INVOICE,CONTACT')
    .action(async ({ url, events }: { url: string; events: string }) => {
      const { XERO_ACCESS_TOKEN: accessToken, XERO_API_URL: apiUrl } = loadConfig(
        subscribeVariables,
        process.env,
        notice,
      );
      const categories = events.split(',').map((category) => category.trim().toUpperCase());
      const answer = await createSubscription({ url, events: categories }, accessToken, { apiUrl });
      process.stdout.write(`Xero has taken the subscription: ${JSON.stringify(answer ?? null)}\n`);
    });
}

function httpsAddress(address: string): string {
  if (URL.canParse(address) && new URL(address).protocol === 'https:') return address;
  throw new InvalidArgumentError('Expected an address that begins with https://.');
}
