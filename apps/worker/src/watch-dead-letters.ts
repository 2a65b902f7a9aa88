import type { EventQueue } from '@xero-webhooks/queue';
import type { Log, Metrics } from '@xero-webhooks/runtime';
import { Gauge } from '@xero-webhooks/runtime';

type Options = {
  queues: readonly Pick<EventQueue, 'getFailedCount'>[];
  log: Log;
  metrics: Metrics;
  /** From how many dead letters on to raise an alert. */
  alertFrom: number;
  /** How often to count them, in milliseconds. */
  intervalMs: number;
};

/**
 * Counts the dead letters of all shards. Nothing drops them by itself, so somebody has to look when there are many.
 *
 * @returns a function that ends the watch
 */
export function watchDeadLetters({ queues, log, metrics, alertFrom, intervalMs }: Options): () => void {
  const gauge = new Gauge({ name: 'xw_dead_letters', help: 'Dead letters in all shards', registers: [metrics] });

  async function count(): Promise<void> {
    try {
      const counts = await Promise.all(queues.map((queue) => queue.getFailedCount()));
      const deadLetters = counts.reduce((sum, one) => sum + one, 0);
      gauge.set(deadLetters);
      if (deadLetters < alertFrom) return;
      log.error({ alert: 'many-dead-letters', deadLetters }, 'many dead letters are waiting to be retried or dropped');
    } catch {
      // Redis does not answer, which its watch reports.
    }
  }

  const timer = setInterval(() => void count(), intervalMs);
  timer.unref();
  void count();
  return () => clearInterval(timer);
}
