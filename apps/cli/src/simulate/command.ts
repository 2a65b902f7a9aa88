import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { countKnown } from './count-known.ts';
import { eventWords, INTENT_TO_RECEIVE } from './event-words.ts';
import { probeIntentToReceive } from './intent-to-receive.ts';
import type { SimulateOptions } from './simulate-events.ts';
import { MOST_BY_FAKE, simulateEvents } from './simulate-events.ts';
import type { Target } from './target.ts';
import { findTarget } from './target.ts';

const MORE_HELP = `
Where "pnpm start" runs a fake Xero, that creates or updates a resource for each event and delivers it itself, so that
handlers can read it. Sent without the fake Xero is what has no resource there: subscription events, those of other
organisations, more than ${MOST_BY_FAKE}, and whatever has --url, --key, --bad-signature or --repeat.`;

/** Adds `xw simulate`. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('Send webhooks as Xero does, to what "pnpm start" runs or to any address.')
    .argument('<event>', `the name of an event, such as ${KNOWN_EVENT_NAMES[4]}, or ${INTENT_TO_RECEIVE}`)
    .option('--count <n>', 'how many events (default: 1)', wholeNumber(1, 1_000_000))
    .option('--per-request <n>', 'how many of them in one request', wholeNumber(1, 10_000), 1)
    .option('--tenant <id>', 'the organisation (default: the first of the fake Xero, else one that does not exist)')
    .option('--url <address>', 'where to (default: what "pnpm start" runs)', httpAddress)
    .option('--key <key>', 'what to sign with (default: XERO_WEBHOOK_KEY or its file, else the development key)')
    .option('--bad-signature', 'send an invalid signature, to see 401')
    .option('--repeat', 'send the events of the last simulation again, as Xero does when it retries')
    .addHelpText('after', MORE_HELP)
    .action(async (name: string, options: SimulateOptions) => {
      const words = name === INTENT_TO_RECEIVE ? undefined : eventWords(name);
      const workingDirectory = process.cwd();
      const target = findTarget(options, process.env, workingDirectory);
      const passed = words
        ? await simulateEvents(words, options, {
            target,
            workingDirectory,
            print,
            warn: (line) => process.stderr.write(`${line}\n`),
            countKnown: (events) => countKnown(events, target.url, process.env, workingDirectory),
          })
        : await simulateIntent(target);
      process.exitCode = passed ? 0 : 1;
    });
}

async function simulateIntent(target: Target): Promise<boolean> {
  const probes = await probeIntentToReceive(target);
  for (const { signature, status, ms, faults } of probes) {
    const verdict = faults.length === 0 ? 'as Xero wants it' : faults.join(', ');
    print(`${signature.padEnd(4)} signature   ${status}   ${ms.toFixed(1).padStart(7)} ms   ${verdict}`);
  }
  const passed = probes.every(({ faults }) => faults.length === 0);
  print(
    passed ? `${target.url} would pass the intent to receive` : `${target.url} would NOT pass the intent to receive`,
  );
  return passed;
}

function httpAddress(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new InvalidArgumentError('Expected an address such as http://127.0.0.1:3000/webhook.');
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
    }
    return value;
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
