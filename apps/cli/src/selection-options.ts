import type { Selection } from '@xero-webhooks/operations';
import type { Command } from 'commander';
import { Option } from 'commander';
import { wholeNumber } from './option-values.ts';
import { timeOf } from './times.ts';

export type SelectionOptions = {
  readonly event?: string;
  readonly handler?: string;
  readonly tenant?: string;
  readonly since?: number;
  readonly until?: number;
  readonly reason?: string;
  readonly limit?: number;
};

const GROUPS = ['tenant', 'event', 'handler', 'reason'] as const;

export type ListOptions = SelectionOptions & { readonly group?: (typeof GROUPS)[number]; readonly json?: boolean };

/** Counts what is listed instead. */
export function groupOption(): Option {
  return new Option('--group <by>', 'show how many there are of each, the most first').choices(GROUPS);
}

/** Adds the options that choose among events. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option('--event <name>', 'only events of this name')
    .option('--handler <name>', 'only events that this handler has not handled')
    .option('--tenant <id>', 'only events of this organisation')
    .option('--since <time>', 'only from then on: 30m, 2h or 7d ago, or a date and time', timeOf)
    .option('--until <time>', 'only until then', timeOf)
    .option('--reason <text>', 'only where the reason holds this text')
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1_000_000));
}

/** Adds the options of what changes events. */
export function addActOptions(command: Command): Command {
  return command
    .option('--yes', 'do it to more than one')
    .option('--dry-run', 'only say how many there are')
    .option('--by <name>', 'who does it (default: your user name)')
    .option('--json', 'print the result as JSON');
}

export function selectionOf(options: SelectionOptions, keys: readonly string[] = []): Selection {
  const { event, handler, tenant: tenantId, since, until, reason } = options;
  return { event, handler, tenantId, since, until, reason, ids: keys.length > 0 ? new Set(keys) : undefined };
}
