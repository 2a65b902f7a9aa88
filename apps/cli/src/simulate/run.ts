import { countKnown } from './count-known.ts';
import { parseEventName } from './event-name.ts';
import { probeIntentToReceive } from './intent-to-receive.ts';
import type { SimulateOptions } from './options.ts';
import { INTENT_TO_RECEIVE } from './options.ts';
import { simulateEvents } from './simulate-events.ts';
import type { Target } from './target.ts';
import { findTarget } from './target.ts';

/** Sets exit code 1 if an answer is not as expected. */
export async function runSimulate(name: string, options: SimulateOptions): Promise<void> {
  const event = name === INTENT_TO_RECEIVE ? undefined : parseEventName(name);
  const workingDirectory = process.cwd();
  const target = findTarget(options, process.env, workingDirectory);
  const passed = event
    ? await simulateEvents(event, options, {
        target,
        workingDirectory,
        print,
        warn: (line) => process.stderr.write(`${line}\n`),
        countKnown: (events) => countKnown(events, target.url, process.env, workingDirectory),
      })
    : await simulateIntent(target);
  process.exitCode = passed ? 0 : 1;
}

async function simulateIntent(target: Target): Promise<boolean> {
  const probes = await probeIntentToReceive(target);
  for (const { signature, status, ms, faults } of probes) {
    const verdict = faults.length === 0 ? 'as Xero requires' : faults.join(', ');
    print(`${signature.padEnd(4)} signature   ${status}   ${ms.toFixed(1).padStart(7)} ms   ${verdict}`);
  }
  const passed = probes.every(({ faults }) => faults.length === 0);
  print(
    passed ? `${target.url} would pass the intent to receive` : `${target.url} would NOT pass the intent to receive`,
  );
  return passed;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
