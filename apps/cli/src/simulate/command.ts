import { dataFolder } from '@xero-webhooks/runtime';
import { signedHeaders, spoilSignature, xeroBody } from '@xero-webhooks/testing';
import type { XeroEvent } from '@xero-webhooks/webhook';
import { KNOWN_EVENT_NAMES, SIGNATURE_HEADER } from '@xero-webhooks/webhook';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { makeEvents, recallEvents, rememberEvents } from './events.ts';
import { probeIntentToReceive } from './intent-to-receive.ts';
import { reportReplies } from './report.ts';
import type { Reply } from './send.ts';
import { send } from './send.ts';
import type { Target } from './target.ts';
import { findTarget } from './target.ts';

/** An organisation that does not exist. */
const DEMO_TENANT = 'de300000-0000-4000-8000-000000000001';

/** How many requests are on their way at once. */
const AT_ONCE = 10;

type SimulateOptions = {
  count?: number;
  perRequest: number;
  tenant: string;
  url?: string;
  key?: string;
  badSignature?: boolean;
  repeat?: boolean;
};

/** Adds `xw simulate`. */
export function addSimulateCommand(program: Command): void {
  program
    .command('simulate')
    .description('Send webhooks as Xero does, to what "pnpm start" runs or to any address.')
    .argument('<event>', `the name of an event, such as ${KNOWN_EVENT_NAMES[4]}, or intent-to-receive`)
    .option('--count <n>', 'how many events (default: 1)', wholeNumber(1, 1_000_000))
    .option('--per-request <n>', 'how many of them in one request', wholeNumber(1, 10_000), 1)
    .option('--tenant <id>', 'the organisation', DEMO_TENANT)
    .option('--url <address>', 'where to (default: what "pnpm start" runs)')
    .option('--key <key>', 'what to sign with (default: XERO_WEBHOOK_KEY, else the development key)')
    .option('--bad-signature', 'sign wrongly, to see 401')
    .option('--repeat', 'send the very events of the last simulation again, as Xero does when in doubt')
    .action(async (name: string, options: SimulateOptions) => {
      const target = findTarget(options, process.env, process.cwd());
      const passed =
        name === 'intent-to-receive' ? await simulateIntent(target) : await simulateEvents(name, options, target);
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

async function simulateEvents(name: string, options: SimulateOptions, target: Target): Promise<boolean> {
  const folder = dataFolder(process.cwd());
  const events = options.repeat
    ? recallEvents(folder, name, options.count)
    : makeEvents(name, options.count ?? 1, options.tenant);
  if (!options.repeat && !rememberEvents(folder, { name, events })) {
    print(`note       ${folder} cannot be written to, so there will be nothing to --repeat`);
  }

  const requests = inGroups(events, options.perRequest);
  const replies = await sendAll(requests, target, options.badSignature ?? false);
  const again = options.repeat ? ' again' : '';
  print(
    `sent${again.padEnd(6)} ${events.length} ${name} in ${requests.length} request${requests.length === 1 ? '' : 's'} to ${target.url}`,
  );
  reportReplies(replies).forEach(print);

  const expected = options.badSignature ? 401 : 200;
  return replies.every(({ status, faults }) => status === expected && faults.length === 0);
}

async function sendAll(requests: readonly XeroEvent[][], target: Target, badSignature: boolean): Promise<Reply[]> {
  const replies: Reply[] = [];
  let next = 0;
  let sequence = 1;
  async function sendNext(): Promise<void> {
    while (next < requests.length) {
      const events = requests[next++]!;
      const body = xeroBody(events, sequence);
      sequence += events.length;
      const headers = signedHeaders(body, target.key);
      if (badSignature) headers[SIGNATURE_HEADER] = spoilSignature(headers[SIGNATURE_HEADER]!);
      replies.push(await send(target.url, body, headers));
    }
  }
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, requests.length) }, sendNext));
  return replies;
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, group) =>
    items.slice(group * size, (group + 1) * size),
  );
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
