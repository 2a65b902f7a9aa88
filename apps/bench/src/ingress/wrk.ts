import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Load, LoadWords } from './load.ts';
import type { RequestFile } from './requests.ts';

const SCRIPT = new URL('load.lua', import.meta.url).pathname;
const run = promisify(execFile);

/**
 * Sends requests with `wrk` (https://github.com/wg/wrk), which is no bottleneck: it takes a third of the processor time
 * that the fastest receiver here does.
 *
 * @param wrk where the program is
 */
export async function sendWithWrk(
  wrk: string,
  { file }: RequestFile,
  { url, connections, seconds, from, count, again }: LoadWords,
  signal: AbortSignal,
): Promise<Load> {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '--latency', '-s', SCRIPT, url, '--'];
  const { stdout } = await run(wrk, [...args, file, String(from), String(count), again ? 'again' : 'once'], { signal });
  const [, text] = /^RESULT (.*)$/m.exec(stdout) ?? [];
  if (text === undefined) throw new Error(`wrk has broken off: ${stdout.trim().split('\n').at(-1) ?? ''}`);
  const result = JSON.parse(text) as Record<string, number>;
  const ms = (name: string): number => result[name]! / 1000;
  return {
    requests: result['requests']!,
    perSecond: result['requests']! / (result['microseconds']! / 1_000_000),
    refused: result['refused']!,
    broken: result['broken']!,
    p50: ms('p50'),
    p99: ms('p99'),
    p999: ms('p999'),
  };
}
