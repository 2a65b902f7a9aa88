import { describe, expect, it } from 'vitest';
import { testedText } from './tested-text.ts';

describe('BullMQ’s script', () => {
  it('is known where it is the one that was tested', () => {
    expect(testedText('addStandardJob')).toContain('Adds a job to the queue');
  });

  it.each([
    ['it has changed', { addStandardJob: { content: 'return 1' } }],
    ['there is none of its name', {}],
  ])('is unknown where %s', (_why, scripts) => {
    expect(testedText('addStandardJob', { version: '7.0.0', scripts })).toBeUndefined();
  });
});
