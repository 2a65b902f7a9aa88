import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { standardOutput } from './line-writer.ts';

export { Counter, Gauge, Histogram };
export type Metrics = Registry;

/**
 * Makes a process's registry of metrics, in the text format of Prometheus.
 *
 * @param app becomes the label `app` of every metric
 */
export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  countLostLines(registry);
  return registry;
}

function countLostLines(registry: Metrics): void {
  void new Counter({
    name: 'xw_log_lines_lost_total',
    help: 'Log lines that could not be written',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(standardOutput.lost());
    },
  });
}
