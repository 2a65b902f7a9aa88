import { once } from 'node:events';
import { connect } from 'node:net';
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

/** @throws Error if the program ends before it listens */
export async function startReceiver(
  program: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Receiver> {
  await using building = new AsyncDisposableStack();
  const port = await freePort();
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
      return isListening(port);
    },
    'the receiver to listen',
    { signal },
  );
  const built = building.move();
  return {
    process: child,
    port,
    url: `http://127.0.0.1:${port}/webhook`,
    [Symbol.asyncDispose]: () => built.disposeAsync(),
  };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
