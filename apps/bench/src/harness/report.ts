import { writeFileSync } from 'node:fs';
import type { Figure } from './figure.ts';
import { isMet, tableOfFigures } from './figure.ts';
import type { Machine } from './machine.ts';
import { machineLine } from './machine.ts';
import type { Table } from './table.ts';
import { formatTable } from './table.ts';

export type Report = {
  readonly benchmark: string;
  /** What was measured, in one line. */
  readonly about: string;
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  /** Tables that explain the figures. */
  readonly details: readonly { readonly title: string; readonly table: Table }[];
};

/**
 * Prints a report.
 *
 * @param file also gets the report, as JSON
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

/** Shows progress on standard error: a benchmark takes minutes. */
export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
