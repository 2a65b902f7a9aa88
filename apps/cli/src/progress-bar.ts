const BAR_WIDTH = 30;

/** Shows on a terminal how far long work has come; elsewhere nothing. */
export function progressBar(total: number): { show: (done: number) => void; end: () => void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { show() {}, end() {} };
  return {
    show(done) {
      const full = Math.round((done / total) * BAR_WIDTH);
      stderr.write(`\r[${'#'.repeat(full)}${' '.repeat(BAR_WIDTH - full)}] ${done} of ${total}`);
    },
    end: () => void stderr.write(`\r${' '.repeat(BAR_WIDTH + 30)}\r`),
  };
}
