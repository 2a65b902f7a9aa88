import { startBenchRedis } from '../bench-redis.ts';
import { OURS, startContestant } from '../ingress/contestants.ts';
import type { RunningContestant } from '../ingress/contestants.ts';
import type { Load, SendLoad } from '../ingress/load.ts';
import type { RequestFile } from '../ingress/requests.ts';
import type { RunOptions } from '../ingress/run.ts';
import type { Machine } from '../machine.ts';
import { describeMachine } from '../machine.ts';
import { until } from '../until.ts';

/** A time under load, and the most memory that the ingress has had in it, in megabytes. */
export type Phase = { readonly seconds: number; readonly load: Load; readonly mostMegabytes: number };

type Options = Omit<RunOptions, 'fsync'>;

/** How long the load lasts while Redis works: until the heap has its size. */
const BEFORE_S = 10;

/** How often memory is looked at, in milliseconds. */
const LOOK_MS = 200;

/**
 * Loads an ingress while Redis works, while it hangs, and while it is gone.
 *
 * @throws Error where a request is accepted that cannot have been stored, or none is once Redis is back
 */
export async function outages(
  { send, requests, seconds, connections }: Options,
  signal: AbortSignal,
): Promise<{ machine: Machine; before: Phase; hung: Phase; gone: Phase }> {
  await using bench = await startBenchRedis({ rewrites: false });
  const machine = await describeMachine(bench.redis.client);
  await using ingress = await startContestant(OURS, bench.environment);

  async function load(duration: number): Promise<Phase> {
    let mostMegabytes = 0;
    const looking = setInterval(() => {
      mostMegabytes = Math.max(mostMegabytes, ingress.memory());
    }, LOOK_MS);
    try {
      const options = {
        url: ingress.url,
        connections,
        seconds: duration,
        from: 0,
        count: requests.requests,
        again: true,
      };
      return { seconds: duration, load: await send(requests, options, signal), mostMegabytes };
    } finally {
      clearInterval(looking);
    }
  }

  const before = await load(BEFORE_S);
  process.kill(bench.pid, 'SIGSTOP');
  let hung: Phase;
  try {
    hung = await load(seconds);
  } finally {
    process.kill(bench.pid, 'SIGCONT');
  }
  noneAccepted('Redis hung', hung);
  await acceptsAgain(ingress, requests, send, signal);

  process.kill(bench.pid, 'SIGKILL');
  const gone = await load(seconds);
  noneAccepted('Redis was gone', gone);
  return { machine, before, hung, gone };
}

function noneAccepted(what: string, { load }: Phase): void {
  const accepted = load.requests - load.refused;
  if (accepted > 0) throw new Error(`${accepted} requests were accepted while ${what}: that is no result`);
}

async function acceptsAgain(
  { url }: RunningContestant,
  requests: RequestFile,
  send: SendLoad,
  signal: AbortSignal,
): Promise<void> {
  const options = { url, connections: 1, seconds: 1, from: 0, count: 1, again: true };
  await until(
    async () => {
      const { requests: sent, refused } = await send(requests, options, signal);
      return sent > refused;
    },
    'a request to be accepted again',
    { signal },
  );
}
