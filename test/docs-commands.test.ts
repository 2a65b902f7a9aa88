import { readdirSync, readFileSync } from 'node:fs';
import { ROOT } from '@xero-webhooks/testing';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../apps/cli/src/program.ts';

const documents = ['README.md', 'CONTRIBUTING.md', ...readdirSync(`${ROOT}docs`).map((file) => `docs/${file}`)].filter(
  (file) => file.endsWith('.md') && file !== 'docs/cli.md',
);

/** The commands of a document: what is typed at a prompt or in a block for a shell, and what its sentences quote. */
function commandsIn(document: string): string[] {
  const text = readFileSync(ROOT + document, 'utf8');
  const typed = [...text.matchAll(/^ *(?:\$ )?(?:\w+=\S+ )?(?:npx pnpm@12 )?xw ([a-z].*)$/gm)].map(([, rest]) => rest!);
  const quoted = [...text.matchAll(/[`"](?:npx pnpm@12 )?xw ([a-z][^`"]*)[`"]/g)].map(([, rest]) => rest!);
  return [...typed, ...quoted];
}

/** What is wrong with a command line, as far as its sub-commands and options go. */
function faultOf(line: string): string | undefined {
  let command = createProgram();
  for (const word of line.replaceAll(/"[^"]*"/g, 'TEXT').split(/\s+/)) {
    const sub = command.commands.find((one) => one.name() === word);
    if (sub) {
      command = sub;
      continue;
    }
    const [name] = word.split('=');
    if (
      name!.startsWith('--') &&
      !/^--(help|version)$/.test(name!) &&
      !command.options.some(({ long }) => long === name)
    )
      return `xw ${line}: there is no option ${name}`;
    if (command.commands.length > 0 && /^[a-z]+$/.test(word)) return `xw ${line}: there is no command ${word}`;
  }
  return undefined;
}

describe.each(documents)('%s', (document) => {
  it('names commands and options that there are', () => {
    expect(commandsIn(document).flatMap((line) => faultOf(line) ?? [])).toEqual([]);
  });
});

it('finds the commands of the operations page', () => {
  expect(commandsIn('docs/operations.md').length).toBeGreaterThan(30);
  expect(faultOf('failed retyr')).toBe('xw failed retyr: there is no command retyr');
  expect(faultOf('failed retry --raeson books')).toBe('xw failed retry --raeson books: there is no option --raeson');
});
