import type { Command } from 'commander';
import { printLines } from '../print-lines.ts';
import type { Shell } from './command.ts';
import type { WordList } from './word-list.ts';
import { wordLists } from './word-list.ts';

const NAMES = ['xw', 'xero-webhooks'];

export function printCompletion(program: Command, shell: Shell): void {
  printLines(SCRIPTS[shell](wordLists(program)));
}

const SCRIPTS: Readonly<Record<Shell, (lists: readonly WordList[]) => string[]>> = {
  bash: (lists) => [
    '_xw() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} typed= word words=',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    ...pathLines(lists, '    '),
    '  done',
    '  case $typed in',
    ...lists.map(({ path, words }) => `    '${path}') words='${words.map(({ text }) => text).join(' ')}' ;;`),
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    `complete -o default -F _xw ${NAMES.join(' ')}`,
  ],
  zsh: (lists) => [
    `#compdef ${NAMES.join(' ')}`,
    '_xw() {',
    '  local typed= word',
    '  local -a list',
    '  for word in ${words[2,CURRENT-1]}; do',
    ...pathLines(lists, '    '),
    '  done',
    '  case $typed in',
    ...lists.map(({ path, words }) => {
      const described = words.map(({ text, about }) => quoted(`${text.replaceAll(':', '\\:')}:${about}`));
      return `    '${path}') list=(${described.join(' ')}) ;;`;
    }),
    '  esac',
    "  _describe 'xw' list || _files",
    '}',
    `compdef _xw ${NAMES.join(' ')}`,
  ],
  fish: (lists) => [
    'function __xw_path',
    '  set -l path',
    '  for word in (commandline -opc)[2..-1]',
    `    switch "$path $word"`,
    `      case ${paths(lists)
      .map((path) => quoted(` ${path}`))
      .join(' ')}`,
    '        set path "$path $word"',
    '    end',
    '  end',
    '  string trim -- "$path"',
    'end',
    ...lists.flatMap(({ path, words }) =>
      words.flatMap(({ text, about }) =>
        NAMES.map((name) => {
          const what = text.startsWith('--') ? `-l ${text.slice(2)}` : `-f -a ${quoted(text)}`;
          return `complete -c ${name} -n ${quoted(`test (__xw_path) = '${path}'`)} ${what} -d ${quoted(about)}`;
        }),
      ),
    ),
  ],
};

/** Which of the words so far name a command: its options and arguments do not. */
function pathLines(lists: readonly WordList[], indent: string): string[] {
  const known = paths(lists).map((path) => `'${path}'`);
  return [
    `${indent}case "\${typed:+$typed }$word" in`,
    `${indent}  ${known.join('|')}) typed="\${typed:+$typed }$word" ;;`,
    `${indent}esac`,
  ];
}

function paths(lists: readonly WordList[]): string[] {
  return lists.map(({ path }) => path).filter((path) => path !== '');
}

/** As one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
