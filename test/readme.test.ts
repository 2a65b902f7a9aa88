import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KNOWN_EVENT_NAMES } from '@xero-webhooks/webhook';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { workerVariables } from '@xero-webhooks/configuration/worker';
import { ROOT } from '@xero-webhooks/testing';

const readme = readFileSync(`${ROOT}README.md`, 'utf8');
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };

/** The code blocks of a language, with the indentation that those in lists have. */
function blocks(text: string, language: string): string[] {
  return [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)]
    .filter(([, , of]) => of === language)
    .map(([, , , code]) => code!);
}

/** The shell commands of the README, and those that its sentences quote. */
function commands(): string[] {
  const lines = blocks(readme, 'sh').flatMap((block) => block.split('\n'));
  const quoted = [...readme.matchAll(/`((?:npx )?pnpm(?:@12)? [^`]+)`/g)].map(([, command]) => command!);
  return [...lines, ...quoted].map((line) => line.trim()).filter((line) => line !== '');
}

/** What an `xw` command of the README asks for. */
type Invocation = { command: string; words: string[] };

function invocations(): Invocation[] {
  return commands().flatMap((line) => {
    const [, command, rest] = /\bpnpm(?:@12)? xw (\S+)(.*)/.exec(line) ?? [];
    return command === undefined ? [] : [{ command, words: rest!.trim().split(/\s+/) }];
  });
}

function help(command: string): string {
  const args = [`${ROOT}apps/cli/src/main.ts`, command, '--help'];
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

describe('the README', () => {
  it('names only scripts that there are', () => {
    const names = commands().flatMap((line) =>
      [...line.matchAll(/\bpnpm(?:@12)? (?:run )?([\w:]+)/g)].map(([, name]) => name!),
    );
    expect(names).toEqual(expect.arrayContaining(['start', 'xw', 'test', 'check']));
    expect(names.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('calls xw with commands, events and options that there are', () => {
    expect(invocations().length).toBeGreaterThan(0);
    for (const { command, words } of invocations()) {
      const options = words.filter((word) => word.startsWith('--'));
      const text = help(command);
      expect(text).toContain(`Usage: xw ${command}`);
      // Those of sub-commands are looked at with all other documents.
      if (!text.includes('\nCommands:\n')) {
        expect(text.match(/--[a-z-]+/g)).toEqual(expect.arrayContaining(options));
      }
      if (command !== 'simulate' || options.includes('--help')) continue;
      expect(['intent-to-receive', ...KNOWN_EVENT_NAMES]).toContain(words[0]);
    }
  });

  it('mounts handlers where the worker is told to look for them', () => {
    const [override] = blocks(readme, 'yaml');
    const { worker } = (
      parse(override!) as { services: { worker: { environment: Record<string, string>; volumes: string[] } } }
    ).services;
    expect(Object.keys(workerVariables)).toEqual(expect.arrayContaining(Object.keys(worker.environment)));
    const [, folder] = worker.volumes[0]!.split(':');
    expect(dirname(worker.environment['HANDLERS']!)).toBe(folder);
  });
});
