import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from '@xero-webhooks/testing';

/** What a command came to. */
export type XwResult = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/**
 * Runs `xw` as a process, without a terminal.
 *
 * @param environment all that it gets @defaultValue nothing
 * @param cwd @defaultValue a folder in which nothing was started
 */
export async function runXw(
  args: readonly string[],
  environment: Record<string, string> = {},
  cwd: string = mkdtempSync(join(tmpdir(), 'xw-cli-')),
): Promise<XwResult> {
  const child = spawn(process.execPath, [`${ROOT}apps/cli/src/main.ts`, ...args], {
    cwd,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}
