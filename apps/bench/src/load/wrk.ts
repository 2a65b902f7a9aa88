import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Load, LoadOptions } from './load.ts';
import type { RequestFile } from './requests.ts';

const SCRIPT = new URL('load.lua', import.meta.url).pathname;

/** Time limit of the last answers, in seconds. Shorter than servers keep an idle connection. */
const LAST_ANSWERS_S = 4;

/**
 * Uses `wrk` (https://github.com/wg/wrk), which is no bottleneck: it needs a third of the processor time of the fastest
 * receiver here.
 *
 * @param wrk the program's path
 * @throws Error if a request that may be sent only once stays unanswered: then we cannot tell what the queue must hold
 */
export async function sendWithWrk(
  wrk: string,
  { file }: RequestFile,
  { url, connections, seconds, from, count, again }: LoadOptions,
  signal: AbortSignal,
): Promise<Load> {
  const limit = `-d${seconds + LAST_ANSWERS_S}s`;
  const args = ['-t1', `-c${connections}`, limit, '--timeout', '10s', '--latency', '-s', SCRIPT, url, '--', file];
  const scriptArgs = [String(from), String(count), again ? 'again' : 'once', String(connections), String(seconds)];
  const { quiet, result, last } = await run(wrk, [...args, ...scriptArgs], signal);
  if (result === undefined) throw new Error(`wrk stopped early: ${last}`);
  if (!again && quiet === undefined) throw new Error(`some requests had no answer ${LAST_ANSWERS_S} s after the end`);
  const { answered, microseconds, refused, broken } = result as Record<Counted, number>;
  const { sent, seconds: took } = quiet ?? { sent: answered, seconds: microseconds / 1_000_000 };
  const ms = (name: string): number => result[name]! / 1000;
  return {
    requests: answered,
    sent: sent!,
    unanswered: [],
    perSecond: answered / took!,
    refused,
    // Sent but not answered: lost with its connection. We cannot tell which requests those were.
    broken: again ? broken : broken + (sent! - answered),
    p50: ms('p50'),
    p99: ms('p99'),
    p999: ms('p999'),
  };
}

type Counted = 'answered' | 'microseconds' | 'refused' | 'broken';
type Output = Readonly<Record<string, number>>;

/** Runs `wrk` until every connection is quiet, and returns what the script printed. */
async function run(
  wrk: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ quiet: Output | undefined; result: Output | undefined; last: string }> {
  const child = spawn(wrk, args, { signal, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const printed = new Map<string, Output>();
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.trim() !== '') last = line.trim();
    const [, name, text] = /^(QUIET|RESULT) (.*)$/.exec(line) ?? [];
    if (name === undefined || text === undefined) return;
    printed.set(name, JSON.parse(text) as Output);
    // On SIGINT it prints its figures, as at the end of its time.
    if (name === 'QUIET') child.kill('SIGINT');
  });
  await ended;
  return { quiet: printed.get('QUIET'), result: printed.get('RESULT'), last };
}
