import { execFileSync } from 'node:child_process';
import { findExecutable } from '@xero-webhooks/local-redis';
import { describeIf } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { runXw } from './support/run-xw.ts';

const isThere = (shell: string): boolean => findExecutable(shell, process.env['PATH'] ?? '') !== undefined;

/** What a shell offers for the last word of a line. */
type Complete = (words: readonly string[]) => string[];

/** Asks each shell in its own way; what a terminal would show beside a word is left out. */
const SHELLS: Readonly<Record<string, (script: string) => Complete>> = {
  bash: (script) => (words) =>
    linesOf('bash', [
      '-c',
      `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _xw; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ]),
  zsh: (script) => (words) =>
    linesOf('zsh', [
      '-fc',
      `compdef() {}; _describe() { print -rl -- \${\${(P)2}%%:*} }\n${script}\nwords=("$@"); CURRENT=$#; _xw`,
      'zsh',
      ...words,
    ]).filter((word) => word.startsWith(words.at(-1)!)),
  fish: (script) => (words) =>
    linesOf('fish', ['-Nc', `${script}\ncomplete -C "$argv"`, ...words]).map((line) => line.split('\t')[0]!),
};

function linesOf(shell: string, args: readonly string[]): string[] {
  return execFileSync(shell, args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

describe.each(Object.keys(SHELLS))('xw completion %s', (shell) => {
  describeIf(isThere(shell), `${shell} on PATH`)('in the shell itself', () => {
    it('completes commands, their sub-commands, choices, event names and options', async () => {
      const { code, stdout, stderr } = await runXw(['completion', shell]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const complete = SHELLS[shell]!(stdout);
      expect(complete(['xw', 'qua'])).toEqual(['quarantine']);
      expect(complete(['xw', 'failed', 're'])).toEqual(['retry']);
      expect(complete(['xw', 'failed', 'retry', '--ev'])).toEqual(['--event']);
      expect(complete(['xw', 'failed', 'retry', '--event', 'invoice.created', '--dry'])).toEqual(['--dry-run']);
      expect(complete(['xw', 'keys', 'generate', 'enc'])).toEqual(['encryption']);
      expect(complete(['xero-webhooks', 'simulate', 'invoice.u'])).toEqual(['invoice.updated']);
    });
  });
});

it('xw completion names the shells that it knows', async () => {
  expect(await runXw(['completion', 'tcsh'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/'tcsh' is invalid.* bash, zsh, fish; see "xw completion --help" \[XW_USAGE\]/),
  });
});
