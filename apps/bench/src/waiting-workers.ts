import type { RedisClient } from '@xero-webhooks/runtime';
import type { BenchProcess } from './bench-process.ts';
import { until } from './until.ts';

/**
 * Waits until so many BullMQ workers wait for a job: each blocks a connection of its own for that.
 *
 * @throws Error where one of the processes that they are in has ended
 */
export async function workersWait(
  client: RedisClient,
  { count, processes }: { count: number; processes: readonly BenchProcess[] },
  signal: AbortSignal,
): Promise<void> {
  await until(
    async () => {
      if (processes.some(({ running }) => !running)) throw new Error('a worker has ended before it was ready');
      return waitingClients((await client.call('CLIENT', 'LIST')) as string) >= count;
    },
    'the workers to be ready',
    { signal },
  );
}

/** How many clients wait for a job, from what `CLIENT LIST` answers. */
export function waitingClients(list: string): number {
  return list.match(/ cmd=bzpopmin /g)?.length ?? 0;
}
