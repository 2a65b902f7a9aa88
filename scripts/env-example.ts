import { writeFileSync } from 'node:fs';
import type { Variable } from '@xero-webhooks/runtime';
import { GROUPS } from './configuration-doc.ts';

const INTRODUCTION = `# Made by "pnpm run docs" from packages/configuration: change it there.
#
# Copy this file to .env, which "xw dev" reads, and remove the # before what you set. Other processes read their
# environment only. docs/configuration.md says what each variable expects.
`;

/** The longest comment line, in characters. */
const MAX_WIDTH = 118;

/** Every variable of every process, with its default where it has a fixed one. */
export function envExample(): string {
  const groups = GROUPS.map(({ title, variables }) =>
    [`# --- ${title} ---\n`, ...Object.entries(variables).map(([name, variable]) => entry(name, variable))].join('\n'),
  );
  return [INTRODUCTION, ...groups].join('\n');
}

function entry(name: string, { about, fallback, required, secret, without }: Variable<unknown>): string {
  const notes = [
    about,
    required ? 'Required.' : '',
    secret ? `Or the path of a file with it, in ${name}_FILE.` : '',
    without === undefined ? '' : `Without it: ${without}.`,
  ].filter(Boolean);
  // A default that is worked out when the process starts, such as a path, is of this machine.
  const value = without === undefined ? (fallback ?? '') : '';
  return `${comment(notes.join(' '))}\n# ${name}=${value}\n`;
}

function comment(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length + 1 > MAX_WIDTH) lines.push(`# ${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join('\n');
}

if (import.meta.main) {
  writeFileSync(new URL('../.env.example', import.meta.url), envExample());
}
