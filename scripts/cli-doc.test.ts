import { readFileSync } from 'node:fs';
import { ROOT } from '@xero-webhooks/testing';
import { expect, it } from 'vitest';
import { JSON_RESULTS } from '../apps/cli/src/json-results.ts';
import { createProgram } from '../apps/cli/src/program.ts';
import { cliDoc, cliSchema } from './cli-doc.ts';

type Command = ReturnType<typeof createProgram>;

it.each([
  ['docs/cli.md', cliDoc],
  ['docs/cli.schema.json', cliSchema],
])('%s is what "pnpm run docs" writes', (file, text) => {
  const current = readFileSync(`${ROOT}${file}`, 'utf8');
  expect(current, `${file} is out of date: run "pnpm run docs"`).toBe(text());
});

it('every command with --json has a schema', () => {
  const described = new Set(Object.keys(JSON_RESULTS).map((name) => name.replace(/ [-<].*/, '')));
  expect(withJson(createProgram(), '').toSorted()).toEqual([...described].toSorted());
});

/** A completion script is for a shell, a new project for people, and processes log. */
it('every command that prints a result has --json', () => {
  const leaves = leavesOf(createProgram(), '');
  expect(leaves.filter((name) => !withJson(createProgram(), '').includes(name))).toEqual([
    'init',
    'dev',
    'ingress',
    'worker',
    'board',
    'completion',
  ]);
});

function leavesOf(command: Command, parent: string): string[] {
  if (command.commands.length === 0) return [parent.trim()];
  return command.commands.flatMap((sub) => leavesOf(sub, `${parent} ${sub.name()}`));
}

function withJson(command: Command, parent: string): string[] {
  const own = command.options.some(({ long }) => long === '--json') ? [parent.trim()] : [];
  return [...own, ...command.commands.flatMap((sub) => withJson(sub, `${parent} ${sub.name()}`))];
}
