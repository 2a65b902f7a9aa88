import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Fsync } from '../bench-redis.ts';
import { startBenchRedis } from '../bench-redis.ts';

const PROGRAM = new URL('contestants/raw-add-bulk.ts', import.meta.url).pathname;

/** How many events a second one process adds to a queue by hundreds, with nothing around it: the queue's own ceiling. */
export async function addBulkCeiling(
  { seconds, fsync }: { seconds: number; fsync: Fsync },
  signal: AbortSignal,
): Promise<number> {
  await using bench = await startBenchRedis({ fsync, rewrites: false });
  const env = { PATH: process.env['PATH'], ...bench.environment, SECONDS: String(seconds) };
  const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM], { env, signal });
  return (JSON.parse(stdout) as { perSecond: number }).perSecond;
}
