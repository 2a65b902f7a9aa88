import { writeFileSync } from 'node:fs';
import { alertVariables } from '@xero-webhooks/monitoring/config';
import { forwardVariables } from '@xero-webhooks/forward/config';
import { tracingVariables } from '@xero-webhooks/tracing/config';
import { recordRetentionVariables, recordVariables } from '@xero-webhooks/record';
import type { Variable, Variables } from '@xero-webhooks/runtime';
import { processVariables, redisVariables } from '@xero-webhooks/runtime';
import { boardVariables } from '@xero-webhooks/configuration/board';
import { rememberVariables } from '@xero-webhooks/configuration/remember';
import { ingressVariables } from '@xero-webhooks/configuration/ingress';
import { workerVariables } from '@xero-webhooks/configuration/worker';

const INTRODUCTION = `<!-- Made by \`pnpm run docs\` from packages/configuration: change it there. -->

# Configuration

Processes read their environment, and no file. Only \`pnpm start\` reads \`.env\` in the working directory and passes it on to the processes that it starts; a variable that is set already wins. [.env.example](../.env.example) has every variable.

An empty variable counts as unset. If a variable is missing or malformed, the process does not start: one line names it and says what is wrong and what is expected ([XW_CONFIG](errors.md#xw_config)). It never shows a secret.

A secret can come from a file: put the file's path into the variable whose name ends in \`_FILE\`. Set only one of the two.

What cannot be intended is removed from a secret, and the log says so once: quotes around it, as a shell would remove them, and invisible characters at its ends, such as a byte order mark, a zero-width or a no-break space. The line break at the end of a file is removed silently. Spaces count in \`BOARD_PASSWORD\`, also at its ends. A secret with an invisible character, a line break or a typographic quote inside stops the start, and so does a key or a token with a space or a quote.
`;

export type Group = { title: string; about: string; variables: Variables };

const common: Variables = { ...redisVariables, ...processVariables, ...alertVariables, ...tracingVariables };

/** How Xero is reached: what worker and board read, and the ingress does not. */
const toReachXero: Variables = Object.fromEntries(
  Object.entries(workerVariables).filter(
    ([name]) =>
      Object.hasOwn(boardVariables, name) && !Object.hasOwn(common, name) && !Object.hasOwn(rememberVariables, name),
  ),
);

export const GROUPS: readonly Group[] = [
  { title: 'Redis', about: 'Read by ingress, worker and board; they must agree.', variables: redisVariables },
  {
    title: 'Logs, admin and shutdown',
    about: [
      'Read by ingress, worker and board, each for itself.',
      'Log lines go to standard output and are written before the process continues, so that none is lost when it ends. Whatever reads them must keep reading: a full pipe whose reader has stopped blocks the whole process. Write to a file, or use a log driver that does not block (Docker: `mode=non-blocking`). If a line cannot be written, for example on a full disk, it is lost and the process continues: it says so once on standard error, and counts lost lines in `xw_log_lines_lost_total`.',
    ].join('\n\n'),
    variables: processVariables,
  },
  {
    title: 'Alerts',
    about: 'Read by ingress, worker and board; they must agree. [alerts.md](alerts.md) lists the alerts.',
    variables: alertVariables,
  },
  {
    title: 'Traces',
    about: 'Read by ingress and worker. [deploy.md](deploy.md#traces) says what is traced.',
    variables: tracingVariables,
  },
  { title: 'Xero', about: 'Read by worker and board; they must agree.', variables: toReachXero },
  {
    title: 'Record',
    about: '`RECORD` is read by ingress and worker, the rest by the worker alone.',
    variables: { ...recordVariables, ...recordRetentionVariables },
  },
  {
    title: 'Settled events',
    about: 'Read by worker, board and command line; they must agree.',
    variables: rememberVariables,
  },
  { title: 'Ingress', about: 'Read by the ingress alone.', variables: ownOf(ingressVariables) },
  { title: 'Worker', about: 'Read by the worker alone.', variables: ownOf(workerVariables) },
  {
    title: 'Forwarding',
    about: 'Read by the worker alone. [forward.md](forward.md) says how a receiver verifies what it gets.',
    variables: forwardVariables,
  },
  { title: 'Board', about: 'Read by the board alone.', variables: ownOf(boardVariables) },
];

/** The text of docs/configuration.md: every variable that a process reads. */
export function configurationDoc(): string {
  return [INTRODUCTION, ...GROUPS.map(section)].join('\n');
}

/** What a process reads besides the variables that others read as well. */
function ownOf(variables: Variables): Variables {
  const shared = {
    ...common,
    ...toReachXero,
    ...recordVariables,
    ...recordRetentionVariables,
    ...rememberVariables,
    ...forwardVariables,
  };
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !Object.hasOwn(shared, name)));
}

function section({ title, about, variables }: Group): string {
  const entries = Object.entries(variables).map(
    ([name, variable]) =>
      `- **\`${name}\`**${variable.secret ? `, or \`${name}_FILE\`` : ''}: ${variable.about}\n  - Default: ${defaultOf(variable)}\n  - Expected: ${variable.format.expected}\n`,
  );
  return `## ${title}\n\n${about}\n\n${entries.join('')}`;
}

function defaultOf({ fallback, without }: Variable<unknown>): string {
  // Words come before a text that is worked out when the process starts, such as the path of the samples.
  if (without) return fallback === undefined ? `none: ${without}` : without;
  return fallback === undefined ? 'none' : `\`${fallback}\``;
}

if (import.meta.main) {
  writeFileSync(new URL('../docs/configuration.md', import.meta.url), configurationDoc());
}
