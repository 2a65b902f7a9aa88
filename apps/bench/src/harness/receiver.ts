import { freePort } from '@xero-webhooks/local-redis';
import type { BenchProcess } from './bench-process.ts';
import { startBenchProcess } from './bench-process.ts';
import { until } from './until.ts';

/** Signs every request. */
export const WEBHOOK_KEY = 'bench-key';

export const OUR_RECEIVER = new URL('../../../ingress/src/main.ts', import.meta.url).pathname;
export const TUTORIAL_RECEIVER = new URL('../contestants/tutorial-receiver.ts', import.meta.url).pathname;

/** A program that listens for webhooks. */
export type Receiver = AsyncDisposable & {
  readonly process: BenchProcess;
  readonly port: number;
  readonly url: string;
};

/** @throws Error if the program ends before it answers */
export async function startReceiver(
  program: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Receiver> {
  await using building = new AsyncDisposableStack();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/webhook`;
  const child = building.use(
    startBenchProcess(
      program,
      {
        PORT: String(port),
        WEBHOOK_KEY,
        XERO_WEBHOOK_KEY: WEBHOOK_KEY,
        INGRESS_HOST: '127.0.0.1',
        INGRESS_PORT: String(port),
        INGRESS_ADMIN_PORT: '0',
        ...environment,
      },
      'ignored',
    ),
  );
  await until(
    () => {
      if (!child.running) throw new Error(`${program} ended before it was ready`);
      return answers(url);
    },
    'the receiver to answer',
    { signal },
  );
  const built = building.move();
  return {
    process: child,
    port,
    url,
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  };
}

/** Whether the receiver answers at all, whatever the status. */
function answers(url: string): Promise<boolean> {
  return fetch(url, { method: 'POST', body: '{}' }).then(
    () => true,
    () => false,
  );
}
