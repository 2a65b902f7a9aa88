import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '@xero-webhooks/testing';
import * as v from 'valibot';
import { JSON_RESULTS } from '../../apps/cli/src/json-results.ts';

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

/** Runs `xw` to its end, as `startXw`. What it prints with `--json` is held against its schema. */
export async function runXw(...args: Parameters<typeof startXw>): Promise<XwResult> {
  const { ended, stdout, stderr } = startXw(...args);
  const code = await ended;
  checkJson(args[0], stdout());
  return { code, stdout: stdout(), stderr: stderr() };
}

/** @throws if a command was to print JSON and printed something else than its schema says */
export function checkJson(args: readonly string[], stdout: string): void {
  if (!args.includes('--json') || stdout === '') return;
  const [command = '', sub = ''] = args;
  const special = args.includes('--follow') ? '--follow' : /^\d+$/.test(sub) ? '<count>' : sub;
  const result = JSON_RESULTS[`${command} ${special}`] ?? JSON_RESULTS[command];
  if (!result) throw new Error(`no schema says what "xw ${command}" prints with --json`);
  const values = result.lines ? stdout.trimEnd().split('\n') : [stdout];
  for (const value of values) v.parse(result.schema, JSON.parse(value));
}
