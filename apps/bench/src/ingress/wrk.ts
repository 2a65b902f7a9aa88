import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Load, LoadOptions } from './load.ts';
import type { RequestFile } from './requests.ts';

const SCRIPT = new URL('load.lua', import.meta.url).pathname;

/** How long the last answers may take, in seconds; less than servers keep a connection that is quiet. */
const LAST_ANSWERS_S = 4;

/**
 * Sends requests with `wrk` (https://github.com/wg/wrk), which is no bottleneck: it takes a third of the processor time
 * that the fastest receiver here does.
 *
 * @param wrk where the program is
 * @throws Error where a request that may be sent only once has no answer in the end: then nobody knows which should be in
 *   the queue
 */
export async function sendWithWrk(
  wrk: string,
  { file }: RequestFile,
  { url, connections, seconds, from, count, again }: LoadOptions,
  signal: AbortSignal,
): Promise<Load> {
  const limit = `-d${seconds + LAST_ANSWERS_S}s`;
  const args = ['-t1', `-c${connections}`, limit, '--timeout', '10s', '--latency', '-s', SCRIPT, url, '--', file];
  const words = [String(from), String(count), again ? 'again' : 'once', String(connections), String(seconds)];
  const { quiet, result, last } = await run(wrk, [...args, ...words], signal);
  if (result === undefined) throw new Error(`wrk has broken off: ${last}`);
  if (!again && quiet === undefined)
    throw new Error(`not every request had an answer ${LAST_ANSWERS_S} s after the end`);
  const { answered, microseconds, refused, broken } = result as Record<Counted, number>;
  const { sent, seconds: took } = quiet ?? { sent: answered, seconds: microseconds / 1_000_000 };
  const ms = (name: string): number => result[name]! / 1000;
  return {
    requests: answered,
    sent: sent!,
    unanswered: [],
    perSecond: answered / took!,
    refused,
    // What was sent and is not among the answers has been lost with its connection, and nobody knows which that was.
    broken: again ? broken : broken + (sent! - answered),
    p50: ms('p50'),
    p99: ms('p99'),
    p999: ms('p999'),
  };
}

type Counted = 'answered' | 'microseconds' | 'refused' | 'broken';
type Said = Readonly<Record<string, number>>;

/** Runs `wrk` until every connection is quiet, and hands back what the script says. */
async function run(
  wrk: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ quiet: Said | undefined; result: Said | undefined; last: string }> {
  const child = spawn(wrk, args, { signal, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const said = new Map<string, Said>();
  let last = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.trim() !== '') last = line.trim();
    const [, name, text] = /^(QUIET|RESULT) (.*)$/.exec(line) ?? [];
    if (name === undefined || text === undefined) return;
    said.set(name, JSON.parse(text) as Said);
    // It ends with its figures, as when the time is up.
    if (name === 'QUIET') child.kill('SIGINT');
  });
  await ended;
  return { quiet: said.get('QUIET'), result: said.get('RESULT'), last };
}
