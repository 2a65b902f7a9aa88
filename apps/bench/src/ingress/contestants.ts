import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { freePort } from '@xero-webhooks/local-redis';
import { processUsage, residentMegabytes } from '../process-usage.ts';
import type { ProcessUsage } from '../process-usage.ts';

/** What the signatures are made with. */
export const WEBHOOK_KEY = 'bench-key';

/** A program that receives webhooks, and whether it puts their events into a queue. */
export type Contestant = { readonly name: string; readonly program: URL; readonly queues: boolean };

export const OURS: Contestant = {
  name: 'ours',
  program: new URL('../../../ingress/src/main.ts', import.meta.url),
  queues: true,
};

/** What people copy: Express, and an await of `queue.add` for each event. */
export const TUTORIAL: Contestant = {
  name: 'tutorial',
  program: new URL('../tutorial/receiver.ts', import.meta.url),
  queues: true,
};

export const FASTIFY: Contestant = {
  name: 'Fastify, no queue',
  program: new URL('contestants/fastify-hmac.ts', import.meta.url),
  queues: false,
};

export const NODE_HTTP: Contestant = {
  name: 'node:http, no queue',
  program: new URL('contestants/node-http-hmac.ts', import.meta.url),
  queues: false,
};

export const CONTESTANTS: readonly Contestant[] = [TUTORIAL, OURS, FASTIFY, NODE_HTTP];

/** A contestant that runs. */
export type RunningContestant = AsyncDisposable & {
  readonly url: string;
  usage(): ProcessUsage;
  /** How much memory it has just now, in megabytes. */
  memory(): number;
};

/** Starts a contestant, and waits until it is ready. @throws Error with its last line where it ends before that */
export async function startContestant(
  { name, program }: Contestant,
  environment: Readonly<Record<string, string>>,
): Promise<RunningContestant> {
  const port = String(await freePort());
  const child = spawn(process.execPath, [program.pathname], {
    env: {
      PATH: process.env['PATH'],
      // All of them as in production; Express and Fastify look at this.
      NODE_ENV: 'production',
      PORT: port,
      WEBHOOK_KEY,
      XERO_WEBHOOK_KEY: WEBHOOK_KEY,
      INGRESS_HOST: '127.0.0.1',
      INGRESS_PORT: port,
      INGRESS_ADMIN_PORT: '0',
      // A line for each request would measure the reader of the lines.
      LOG_LEVEL: 'warn',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  createInterface({ input: child.stdout! }).on('line', () => {});
  const url = `http://127.0.0.1:${port}/webhook`;
  await Promise.race([
    answering(url),
    ended.then(() => {
      throw new Error(`${name} ended before it was ready`);
    }),
  ]);
  return {
    url,
    usage: () => processUsage(child.pid!),
    memory: () => residentMegabytes(child.pid!),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Waits until something answers there, whatever it says. */
async function answering(url: string): Promise<void> {
  for (;;) {
    const answered = await fetch(url, { method: 'POST', body: '{}' }).then(
      () => true,
      () => false,
    );
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
