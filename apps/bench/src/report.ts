import { writeFileSync } from 'node:fs';
import type { Figure } from './figure.ts';
import { isMet, tableOfFigures } from './figure.ts';
import type { Machine } from './machine.ts';
import { machineLine } from './machine.ts';
import type { Table } from './table.ts';
import { formatTable } from './table.ts';

/** What a benchmark has found. */
export type Report = {
  readonly benchmark: string;
  /** What was done, in one line. */
  readonly about: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  /** More tables, which explain the figures. */
  readonly details: readonly { readonly title: string; readonly table: Table }[];
};

/**
 * Prints a report.
 *
 * @param file where figures and details go as JSON too
 */
export function publish({ benchmark, about, machine, figures, details }: Report, file: string | undefined): void {
  const parts = [
    `${benchmark}: ${about}\n${machineLine(machine)}`,
    formatTable(tableOfFigures(figures)),
    ...details.map(({ title, table }) => `${title}\n\n${formatTable(table)}`),
  ];
  process.stdout.write(`${parts.join('\n\n')}\n`);
  if (file === undefined) return;
  const json = {
    benchmark,
    about,
    machine,
    figures: figures.map((figure) => ({ ...figure, met: isMet(figure) })),
    details,
  };
  writeFileSync(file, `${JSON.stringify(json, undefined, 2)}\n`);
}

/** Says on standard error what is being done: a benchmark takes its time. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
