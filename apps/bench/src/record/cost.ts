import { alternate } from '../harness/alternate.ts';
import { note } from '../harness/report.ts';
import type { Contestant as Receiver } from '../ingress/contestants.ts';
import { OURS as OUR_INGRESS } from '../ingress/contestants.ts';
import { runContestant } from '../ingress/run.ts';
import type { SendLoad } from '../load/load.ts';
import type { RequestFile } from '../load/requests.ts';
import type { Contestant as Worker } from '../workers/contestants.ts';
import { OURS as OUR_WORKER } from '../workers/contestants.ts';
import { startRunner } from '../workers/race.ts';

/** One run. Processor times are for each event, in any unit: only ratios are reported. */
type Measured = { readonly perSecond: number; readonly cpu: number; readonly redisCpu: number };

/** Runs with the record and without, round by round. */
export type Cost = { readonly on: Measured[]; readonly off: Measured[] };

type Mode = keyof Cost;

const MODES: readonly Mode[] = ['on', 'off'];

type IngressOptions = { send: SendLoad; file: RequestFile; rounds: number; seconds: number };

export async function costOfIngress(
  { send, file, rounds, seconds }: IngressOptions,
  signal: AbortSignal,
): Promise<Cost> {
  const cost: Cost = { on: [], off: [] };
  const options = { send, requests: file, connections: 50, seconds, fsync: 'everysec' as const };
  const turns = MODES.map((mode) => async (): Promise<void> => {
    const receiver: Receiver = { ...OUR_INGRESS, name: `record ${mode}`, environment: { RECORD: mode } };
    const run = await runContestant(receiver, options, signal);
    cost[mode].push({
      perSecond: run.eventsPerSecond,
      cpu: run.cpuMicroseconds,
      redisCpu: run.redisCpuMicroseconds,
    });
  });
  await alternate(rounds, turns, (round) => note(`ingress, ${file.eventsEach} a request, round ${round} …`));
  return cost;
}

/** One process with the default concurrency, on a queue that is full at first. */
const SETTING = { concurrency: 50, processes: 1, shards: 1, events: 12_000 };

export async function costOfWorker(rounds: number, signal: AbortSignal): Promise<Cost> {
  await using stack = new AsyncDisposableStack();
  const cost: Cost = { on: [], off: [] };
  const turns: (() => Promise<void>)[] = [];
  for (const mode of MODES) {
    const worker: Worker = {
      name: `record ${mode}`,
      start: (bench, concurrency) => OUR_WORKER.start(bench, concurrency, { RECORD: mode }),
    };
    const runner = stack.use(await startRunner(worker, SETTING, 'everysec', signal));
    turns.push(async () => {
      const { perSecond, cpuSeconds, redisCpuSeconds } = await runner.run();
      cost[mode].push({ perSecond, cpu: cpuSeconds[0]!, redisCpu: redisCpuSeconds });
    });
  }
  await alternate(rounds, turns, (round) => note(`worker, round ${round} …`));
  return cost;
}
