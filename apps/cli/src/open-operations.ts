import { rememberVariables } from '@xero-webhooks/configuration/remember';
import type { Operations } from '@xero-webhooks/operations';
import { createOperations } from '@xero-webhooks/operations';
import type { Gate, Quarantine, QueueRedis } from '@xero-webhooks/queue';
import { createGate, createProducer, createQuarantine } from '@xero-webhooks/queue';
import { createRecorder } from '@xero-webhooks/record';
import { createLogger, loadConfig } from '@xero-webhooks/runtime';
import { connectToQueues } from './connect.ts';
import { notice } from './notice.ts';
import { systemUser } from './system-user.ts';

/** What the commands about events work with. */
export type OpenOperations = {
  readonly redis: QueueRedis;
  readonly gate: Gate;
  readonly quarantine: Quarantine;
  readonly operations: Operations;
  /** Aborted by Ctrl-C: the batch at work is finished, and the command says how far it came. */
  readonly signal: AbortSignal;
};

/** Bodies are only read and dropped here; none is added. */
const NO_ROOM = 0;

/**
 * Connects to the queues, runs a command, and lets go.
 *
 * @param by who acts @defaultValue the user of the operating system
 */
export async function withOperations<Result>(
  by: string | undefined,
  run: (open: OpenOperations) => Promise<Result>,
): Promise<Result> {
  const { IDEMPOTENCY_TTL_S } = loadConfig(rememberVariables, process.env, notice);
  const redis = await connectToQueues(process.env, process.cwd());
  const { client, prefix, connections } = redis;
  const { cluster } = connections;
  const producer = createProducer(redis);
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
  try {
    const gate = createGate({ client, prefix, cluster, rememberMs: IDEMPOTENCY_TTL_S * 1_000 });
    const quarantine = createQuarantine(redis, NO_ROOM);
    const recorder = createRecorder({ client, prefix, cluster });
    const log = createLogger('xw', 'silent');
    const operations = createOperations({ redis, gate, quarantine, producer, recorder, log, by: by ?? systemUser() });
    const result = await run({ redis, gate, quarantine, operations, signal: interrupted.signal });
    // What was recorded waits for nobody: let it go out before the connection closes.
    await new Promise((resolve) => setImmediate(resolve));
    await client.ping();
    return result;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    await producer.close();
    redis.close();
  }
}
