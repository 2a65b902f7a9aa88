import { writeFileSync } from 'node:fs';
import type { Variable, Variables } from '@xero-webhooks/runtime';
import { processVariables, redisVariables } from '@xero-webhooks/runtime';
import { boardVariables } from '../apps/board/src/config.ts';
import { ingressVariables } from '../apps/ingress/src/config.ts';
import { workerVariables } from '../apps/worker/src/config.ts';

const INTRODUCTION = `<!-- Made by \`pnpm run docs\` from apps/*/src/config.ts: change it there. -->

# Configuration

Each process reads its environment and no file. Only \`pnpm start\` reads \`.env\` in the working directory, and hands what it reads to the processes that it starts; a variable that is set already wins.

An empty variable counts as unset. One that is missing or malformed stops the start with a line that names it, says what was wrong and what is expected ([XW_CONFIG](errors.md#xw_config)), and never shows a secret.

A secret can come from a file: put the file's path into the variable with \`_FILE\` at its end. Set one of the two.

What is certainly not meant is taken off a secret, and the log says so once: quotes around it, as a shell would take them, and invisible characters at its ends, such as a byte order mark, a zero-width or a no-break space. The line break at the end of a file is left out without a word. Spaces count in \`BOARD_PASSWORD\`, also at its ends. A secret with an invisible character, a line break or a typographic quote inside stops the start, and so does a key or a token with a space or a quote.
`;

export type Group = { title: string; about: string; variables: Variables };

const common: Variables = { ...redisVariables, ...processVariables };

/** How Xero is reached: what worker and board read, and the ingress does not. */
const toReachXero: Variables = Object.fromEntries(
  Object.entries(workerVariables).filter(
    ([name]) => Object.hasOwn(boardVariables, name) && !Object.hasOwn(common, name),
  ),
);

export const GROUPS: readonly Group[] = [
  { title: 'Redis', about: 'Read by ingress, worker and board; they must agree.', variables: redisVariables },
  {
    title: 'Logs, admin and shutdown',
    about: [
      'Read by ingress, worker and board, each for itself.',
      'Log lines go to standard output and are written before the process goes on, so that none is lost when it ends. What reads them therefore has to keep reading: a pipe that is full because its reader has stopped holds up the whole process. Write to a file, or use a log driver that does not block (Docker: `mode=non-blocking`). Where a line cannot be written, as on a full disk, it is lost and the process goes on: it says so once on standard error and counts the lines in `xw_log_lines_lost_total`.',
    ].join('\n\n'),
    variables: processVariables,
  },
  { title: 'Xero', about: 'Read by worker and board; they must agree.', variables: toReachXero },
  { title: 'Ingress', about: 'Read by the ingress alone.', variables: ownOf(ingressVariables) },
  { title: 'Worker', about: 'Read by the worker alone.', variables: ownOf(workerVariables) },
  { title: 'Board', about: 'Read by the board alone.', variables: ownOf(boardVariables) },
];

/** Writes docs/configuration.md out of what the processes read. */
export function configurationDoc(): string {
  return [INTRODUCTION, ...GROUPS.map(section)].join('\n');
}

/** What a process reads besides the variables that others read as well. */
function ownOf(variables: Variables): Variables {
  const shared = { ...common, ...toReachXero };
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !Object.hasOwn(shared, name)));
}

function section({ title, about, variables }: Group): string {
  const rows = Object.entries(variables).map(([name, variable]) => [
    variable.secret ? `\`${name}\`, also \`${name}_FILE\`` : `\`${name}\``,
    defaultOf(variable),
    variable.format.expected,
    variable.about,
  ]);
  return `## ${title}\n\n${about}\n\n${table([['variable', 'default', 'expected', 'what it is for'], ...rows])}`;
}

function defaultOf({ fallback, without }: Variable<unknown>): string {
  // Words come before a text that is worked out when the process starts, such as the path of the samples.
  if (without) return fallback === undefined ? `none: ${without}` : without;
  return fallback === undefined ? 'none' : `\`${fallback}\``;
}

/** A Markdown table with its columns aligned, as the formatter leaves it. */
function table(rows: readonly (readonly string[])[]): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', String.raw`\|`)));
  const widths = escaped[0]!.map((_, column) => Math.max(...escaped.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |\n`;
  const [header, ...body] = escaped;
  return [line(header!), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('');
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationDoc());
}
