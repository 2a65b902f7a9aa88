import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import type { Command } from 'commander';
import { httpAddress, wholeNumber } from '../option-values.ts';
import type { SimulateOptions } from './options.ts';
import { INTENT_TO_RECEIVE, MAX_BY_FAKE } from './options.ts';

const MORE_HELP = `
Where "pnpm start" runs a fake Xero, the fake creates or updates a resource for each event and delivers the event itself,
so that handlers can read the resource. Events that have no resource there are sent without it: subscription events,
those of other organisations, more than ${MAX_BY_FAKE} at once, and all with --url, --key, --bad-signature or --repeat.`;

/** Adds `xw simulate`. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('Send webhooks as Xero does, to what "pnpm start" runs or to any address.')
    .argument('<event>', `the name of an event, such as ${KNOWN_EVENT_NAMES[4]}, or ${INTENT_TO_RECEIVE}`)
    .option('--count <n>', 'how many events (default: 1)', wholeNumber(1, 1_000_000))
    .option('--per-request <n>', 'how many events in each request', wholeNumber(1, 10_000), 1)
    .option('--tenant <id>', 'the organisation (default: the first of the fake Xero, else one that does not exist)')
    .option('--url <address>', 'where to send to (default: what "pnpm start" runs)', httpAddress)
    .option('--key <key>', 'what to sign with (default: XERO_WEBHOOK_KEY or its file, else the development key)')
    .option('--bad-signature', 'send an invalid signature, to see 401')
    .option('--repeat', 'send the events of the last simulation again, as Xero does when it retries')
    .addHelpText('after', MORE_HELP)
    .action(async (name: string, options: SimulateOptions) => {
      const { runSimulate } = await import('./run.ts');
      await runSimulate(name, options);
    });
}
