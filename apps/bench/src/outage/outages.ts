import { startBenchRedis } from '../harness/bench-redis.ts';
import type { Machine } from '../harness/machine.ts';
import { describeMachine } from '../harness/machine.ts';
import { OUR_RECEIVER, startReceiver } from '../harness/receiver.ts';
import { until } from '../harness/until.ts';
import type { RunOptions } from '../ingress/run.ts';
import type { Load } from '../load/load.ts';

/** A time under load, and the ingress's peak memory in it. */
export type Phase = { readonly seconds: number; readonly load: Load; readonly peakMegabytes: number };

/** How long the load lasts while Redis works: until the heap has its size. */
const BEFORE_S = 10;

/** How often memory is read. */
const SAMPLE_MS = 200;

/**
 * Loads an ingress while Redis works, while it hangs, and while it is down.
 *
 * @throws Error if a request is accepted that cannot have been stored, or none is once Redis is back
 */
export async function outages(
  { send, requests, seconds, connections }: Omit<RunOptions, 'fsync'>,
  signal: AbortSignal,
): Promise<{ machine: Machine; before: Phase; hung: Phase; down: Phase }> {
  await using bench = await startBenchRedis({ rewrites: false });
  const machine = await describeMachine(bench.redis.client);
  await using ingress = await startReceiver(OUR_RECEIVER, bench.environment, signal);
  const common = { url: ingress.url, connections, from: 0, count: requests.requests, again: true };

  async function load(duration: number): Promise<Phase> {
    let peakMegabytes = 0;
    const sampling = setInterval(() => {
      peakMegabytes = Math.max(peakMegabytes, ingress.process.memory());
    }, SAMPLE_MS);
    try {
      const result = await send(requests, { ...common, seconds: duration }, signal);
      return { seconds: duration, load: result, peakMegabytes };
    } finally {
      clearInterval(sampling);
    }
  }

  async function isAccepted(): Promise<boolean> {
    const { requests: sent, refused } = await send(
      requests,
      { ...common, connections: 1, seconds: 1, count: 1 },
      signal,
    );
    return sent > refused;
  }

  const before = await load(BEFORE_S);
  process.kill(bench.pid, 'SIGSTOP');
  let hung: Phase;
  try {
    hung = await load(seconds);
  } finally {
    process.kill(bench.pid, 'SIGCONT');
  }
  assertNoneAccepted('Redis hung', hung);
  await until(isAccepted, 'a request to be accepted again', { signal });

  process.kill(bench.pid, 'SIGKILL');
  const down = await load(seconds);
  assertNoneAccepted('Redis was down', down);
  return { machine, before, hung, down };
}

function assertNoneAccepted(when: string, { load }: Phase): void {
  const accepted = load.requests - load.refused;
  if (accepted > 0) throw new Error(`invalid result: ${accepted} requests were accepted while ${when}`);
}
