import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import type { Command } from 'commander';
import { httpAddress, wholeNumber } from '../option-values.ts';
import type { SimulateOptions } from './options.ts';
import { durationOf, INTENT_TO_RECEIVE, MAX_BY_FAKE, MAX_EVENTS, percentOf, rateOf } from './options.ts';
import { addOverride } from './override.ts';

const MORE_HELP = `
If "xw dev" runs the fake Xero, the fake creates or updates a resource for each event and delivers the event itself, so
that handlers can read the resource. These are sent directly, without a resource: subscription events, events of other
organisations, more than ${MAX_BY_FAKE} events at once, and all events with --url, --key, --bad-signature, --repeat,
--override, --duplicates or --file.`;

export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('Send webhooks as Xero does, to the ingress of "xw dev" or to any address.')
    .argument('[event]', `the name of an event, such as ${KNOWN_EVENT_NAMES[4]}, or ${INTENT_TO_RECEIVE}`)
    .option('--count <n>', 'number of events (default: 1)', wholeNumber(1, MAX_EVENTS))
    .option('--per-request <n>', 'number of events in each request', wholeNumber(1, 10_000), 1)
    .option(
      '--tenant <id>',
      'the organisation (default: the first in the fake Xero, otherwise one that does not exist)',
    )
    .option('--url <address>', 'where to send to (default: the ingress of "xw dev")', httpAddress)
    .option(
      '--key <key>',
      'the key to sign with (default: XERO_WEBHOOK_KEY or its file, otherwise the development key)',
    )
    .option('--bad-signature', 'send an invalid signature, which must be answered with 401')
    .option('--repeat', 'send the events of the last simulation again, as Xero does when it retries')
    .option(
      '--override <field=value>',
      'give a field of each event another value, such as data.Status=VOIDED; without a value it is left out (repeatable)',
      addOverride,
    )
    .option('--file <capture>', 'send the body of a captured request instead, byte for byte, signed with the key')
    .option(
      '--rate <n/s>',
      'how many events a second, or with /m a minute (default: as fast as they are answered)',
      rateOf,
    )
    .option('--duration <time>', 'with --rate: go on for 30s, 5m or 1h', durationOf)
    .option('--duplicates <%>', 'send so many of a hundred requests twice, as Xero does', percentOf)
    .option('--json', 'print the result as JSON')
    .addHelpText('after', MORE_HELP)
    .action(async (name: string | undefined, options: SimulateOptions) => {
      const { runSimulate } = await import('./run.ts');
      await runSimulate(name, options);
    });
}
