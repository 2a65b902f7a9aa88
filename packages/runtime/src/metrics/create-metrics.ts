import { collectDefaultMetrics, Registry } from 'prom-client';
import manifest from '../../package.json' with { type: 'json' };
import { standardOutput } from '../line-writer.ts';
import { counterOf, gaugeOf } from './metric.ts';

/** The metrics of a process, in the text format of Prometheus. */
export type Metrics = Registry;

/**
 * A process's registry of metrics, with those of Node that prom-client collects.
 *
 * @param app becomes the label `app` of every metric
 */
export function createMetrics(app: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  gaugeOf(registry, 'xw_build_info').set({ release: manifest.version, node: process.version }, 1);
  counterOf(registry, 'xw_log_lines_lost_total', (counter) => {
    counter.reset();
    counter.inc(standardOutput.lost());
  });
  return registry;
}
