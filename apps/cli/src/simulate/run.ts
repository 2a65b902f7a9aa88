import { once } from 'node:events';
import { printJson } from '../print-json.ts';
import { printLines } from '../print-lines.ts';
import { progressBar } from '../progress-bar.ts';
import { WrongUsage } from '../wrong-usage.ts';
import { countKnown } from './count-known.ts';
import { parseEventName } from './event-name.ts';
import type { Probe } from './intent-to-receive.ts';
import { probeIntentToReceive } from './intent-to-receive.ts';
import type { SimulateOptions } from './options.ts';
import { INTENT_TO_RECEIVE, MAX_EVENTS } from './options.ts';
import { reportSimulation, simulationJson } from './report.ts';
import type { IntentToReceiveJson } from './schema.ts';
import { simulateCapture, simulateEvents } from './simulate-events.ts';
import type { Target } from './target.ts';
import { findTarget } from './target.ts';

/** Sets exit code 1 if an answer is not as expected. */
export async function runSimulate(name: string | undefined, given: SimulateOptions): Promise<void> {
  const options = withCount(given);
  const event = name === undefined || name === INTENT_TO_RECEIVE ? undefined : parseEventName(name);
  if (name === undefined && options.file === undefined) refuse("missing required argument 'event'");
  if (name !== undefined && options.file !== undefined) refuse('name an event or a --file, not both');
  const workingDirectory = process.cwd();
  const target = findTarget(options, process.env, workingDirectory);
  if (name === INTENT_TO_RECEIVE) return simulateIntent(target, options);

  const interrupted = new AbortController();
  void Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]).then(() => interrupted.abort());
  const progress = progressBar(Math.ceil((options.count ?? 1) / options.perRequest));
  const where = {
    target,
    workingDirectory,
    warn: (line: string) => void process.stderr.write(`${line}\n`),
    countKnown: (events: Parameters<typeof countKnown>[0]) =>
      countKnown(events, target.url, process.env, workingDirectory),
    signal: interrupted.signal,
    onProgress: progress.show,
  };
  const simulation = await (
    event ? simulateEvents(event, options, where) : simulateCapture(options.file!, options, where)
  ).finally(progress.end);
  if (options.json) printJson(simulationJson(simulation));
  else printLines(reportSimulation(simulation));
  process.exitCode = simulation.passed ? 0 : 1;
}

/** A duration and a rate make a count. */
function withCount(options: SimulateOptions): SimulateOptions {
  const { duration, rate, count } = options;
  if (duration === undefined) return options;
  if (rate === undefined) refuse('--duration needs a --rate');
  if (count !== undefined) refuse('give --count or --duration, not both');
  const events = Math.max(1, Math.round((rate * duration) / 1_000));
  if (events > MAX_EVENTS) refuse(`these are ${events} events, more than the ${MAX_EVENTS} of one simulation`);
  return { ...options, count: events };
}

function refuse(what: string): never {
  throw new WrongUsage('XW_USAGE', `${what}; see "xw simulate --help"`);
}

async function simulateIntent(target: Target, { json = false }: SimulateOptions): Promise<void> {
  const probes = await probeIntentToReceive(target);
  const passed = probes.every(({ faults }) => faults.length === 0);
  const result: IntentToReceiveJson = { url: target.url, passed, probes };
  if (json) printJson(result);
  else printLines(reportProbes(target.url, probes, passed));
  process.exitCode = passed ? 0 : 1;
}

function reportProbes(url: string, probes: readonly Probe[], passed: boolean): string[] {
  return [
    ...probes.map(({ signature, status, ms, faults }) => {
      const verdict = faults.length === 0 ? 'as Xero requires' : faults.join(', ');
      return `${signature.padEnd(4)} signature   ${status}   ${ms.toFixed(1).padStart(7)} ms   ${verdict}`;
    }),
    `${url} would ${passed ? 'pass' : 'NOT pass'} the intent to receive`,
  ];
}
