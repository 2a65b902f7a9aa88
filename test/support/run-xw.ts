import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '@xero-webhooks/testing';

/** What a command came to. */
export type XwResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A command that runs, and what it has printed so far. */
export type RunningXw = {
  readonly child: ChildProcess;
  /** Resolves with its exit code, once all that it printed is here. */
  readonly ended: Promise<number | null>;
  stdout(): string;
  stderr(): string;
};

/**
 * Starts `xw` as a process, without a terminal.
 *
 * @param environment all that it gets @defaultValue nothing
 * @param cwd @defaultValue a folder in which nothing was started
 */
export function startXw(
  args: readonly string[],
  environment: Record<string, string> = {},
  cwd: string = mkdtempSync(join(tmpdir(), 'xw-cli-')),
): RunningXw {
  const child = spawn(process.execPath, [`${ROOT}apps/cli/src/main.ts`, ...args], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { child, ended, stdout: () => printed.stdout, stderr: () => printed.stderr };
}

/** Runs `xw` to its end, as `startXw`. */
export async function runXw(...args: Parameters<typeof startXw>): Promise<XwResult> {
  const { ended, stdout, stderr } = startXw(...args);
  const code = await ended;
  return { code, stdout: stdout(), stderr: stderr() };
}
