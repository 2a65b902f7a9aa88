import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { processOf, stillRuns } from './running-process.ts';

describe('a process that was noted', () => {
  it('still runs until it has ended', async () => {
    expect(stillRuns(processOf(process.pid))).toBe(true);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await once(child, 'spawn');
    const noted = processOf(child.pid!);
    expect(stillRuns(noted)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(stillRuns(noted)).toBe(false);
  });

  it('is not mistaken for a later one with its number', () => {
    const { began } = processOf(process.pid);
    expect(began).toEqual(expect.any(String));
    expect(stillRuns({ pid: process.pid, began: `before ${began}` })).toBe(false);
  });
});
