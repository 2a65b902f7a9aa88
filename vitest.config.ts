import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'scripts/**/*.test.ts', 'test/**/*.test.ts'],
    globalSetup: ['packages/testing/src/temporary-folder.ts', 'packages/testing/src/redis/shared-redis.ts'],
    reporters: ['default', './test/support/summary-reporter.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // The cores are shared with the processes that the tests start; most of the time those wait.
    maxWorkers: 3,
    // Tests that may run beside each other mostly wait.
    maxConcurrency: 10,
    coverage: { provider: 'v8', include: ['apps/*/src/**', 'packages/*/src/**'], exclude: ['**/*.test.ts'] },
  },
});
