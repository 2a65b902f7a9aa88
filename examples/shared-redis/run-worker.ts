import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

type Options = { url: string; prefix: string; untilHandled: number };

/** Runs a worker of one stage until it has handled so many events; returns how many it has handled in all. */
export async function runWorker({ url, prefix, untilHandled }: Options): Promise<number> {
  const worker = spawn('npx', ['xero-webhooks', 'worker'], {
    env: { ...process.env, REDIS_URL: url, REDIS_PREFIX: prefix, HANDLERS: 'handlers.ts', WORKER_ADMIN_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const ended = once(worker, 'exit');
  let handled = 0;
  for await (const line of createInterface({ input: worker.stdout })) {
    if ((JSON.parse(line) as { msg: string }).msg !== 'event handled') continue;
    handled++;
    // With all that npx has started.
    if (handled === untilHandled) process.kill(-worker.pid!, 'SIGTERM');
  }
  await ended;
  return handled;
}
