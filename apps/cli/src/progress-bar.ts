import { spanText } from '@xero-webhooks/runtime/span-text';

const BAR_WIDTH = 30;

/** An estimate from less than this says little, in milliseconds. */
const MIN_ELAPSED_MS = 2_000;

/** Shows on a terminal how far long work has come, and how long the rest will take; elsewhere nothing. */
export function progressBar(total: number): { show: (done: number) => void; end: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show() {}, end() {} };
  const began = performance.now();
  const estimate = (done: number): string => {
    const elapsed = performance.now() - began;
    if (done === 0 || done >= total || elapsed < MIN_ELAPSED_MS) return '';
    return `, about ${spanText((elapsed / done) * (total - done))} left`;
  };
  return {
    show(done) {
      const full = Math.round((done / total) * BAR_WIDTH);
      const text = `[${'#'.repeat(full)}${' '.repeat(BAR_WIDTH - full)}] ${done} of ${total}${estimate(done)}`;
      stderr.write(`\r${text}\u001B[K`);
    },
    end: () => void stderr.write('\r\u001B[K'),
  };
}
