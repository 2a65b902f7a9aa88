import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/**
 * The files that take longest, the longest first: begun last, they would keep one core busy and the others idle. Those that
 * install packages come before all: beside them, a process that is to die has no time left to say why.
 */
const SLOWEST = [
  'package',
  'examples',
  'start',
  'board-path',
  'connect-page',
  'cluster',
  'worker-trouble',
  'crash/crash',
  'sentinel',
];

/** Starts the slowest files first, and the rest as vitest does. */
export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the sequencer's own method
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rank(a.moduleId) - rank(b.moduleId));
  }
}

function rank(file: string): number {
  const place = SLOWEST.findIndex((name) => file.endsWith(`/test/${name}.test.ts`));
  return place === -1 ? SLOWEST.length : place;
}
