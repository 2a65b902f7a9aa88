import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.ts';

export default defineConfig({
  test: {
    globalSetup: ['packages/testing/src/temporary-folder.ts', 'packages/testing/src/redis/shared-redis.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    // The cores are shared with the processes that the tests start; most of the time those wait.
    maxWorkers: 3,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // Tests that may run beside each other mostly wait.
          maxConcurrency: 10,
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'system',
          include: ['scripts/**/*.test.ts', 'test/**/*.test.ts'],
          // Against what never ends: a busy machine takes several times as long as an idle one.
          testTimeout: 90_000,
          hookTimeout: 90_000,
          maxConcurrency: 10,
        },
      },
    ],
    coverage: { provider: 'v8', include: ['apps/*/src/**', 'packages/*/src/**'], exclude: ['**/*.test.ts'] },
  },
});
