import { startRedisForTests } from './redis-for-tests.ts';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  // Widens vitest's own interface, which cannot be done with a type.
  export interface ProvidedContext {
    /** The Redis that all test files share, each under prefixes of its own. */
    redis: { url: string; real: boolean; kind: string };
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const { url, real, kind, stop } = await startRedisForTests(process.env);
  project.provide('redis', { url, real, kind });
  process.stdout.write(`Redis for tests: ${kind}\n`);
  return stop;
}
