import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Lists what was skipped and why, and closes with one line of counts. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((testModule) => [...testModule.children.allTests()]);
    const by = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
    const skipped = by('skipped');
    const reasons = Map.groupBy(skipped, (test) => /\[skipped: ([^\]]+)\]/.exec(test.fullName)?.[1] ?? noteOf(test));
    for (const [reason, group] of reasons) {
      process.stdout.write(`\nSkipped, ${reason}:\n${group.map((test) => `  ${test.fullName}\n`).join('')}`);
    }
    // A file that could not even be loaded has no tests, and has failed all the same.
    const broken = modules.filter((testModule) => testModule.errors().length > 0).length + errors.length;
    process.stdout.write(
      `\n${by('passed').length} passed, ${by('failed').length + broken} failed, ${skipped.length} skipped\n`,
    );
  }
}

function noteOf(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? 'no reason given';
}
