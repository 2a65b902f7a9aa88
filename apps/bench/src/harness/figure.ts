import { median } from './statistics.ts';
import type { Table } from './table.ts';

/** A measured value. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Upper bound, where less is better. */
  readonly target?: number;
  /** Lower bound, where more is better. */
  readonly atLeast?: number;
  /** The value of each round, if `value` is their median. */
  readonly rounds?: readonly number[];
};

/** The median of several rounds. */
export function figureOfRounds(what: string, unit: string, rounds: readonly number[]): Figure {
  return { what, unit, value: median(rounds), rounds };
}

/** Whether a figure meets its target; `undefined` without one. */
export function isMet({ value, target, atLeast }: Figure): boolean | undefined {
  if (target === undefined && atLeast === undefined) return undefined;
  return value <= (target ?? Infinity) && value >= (atLeast ?? -Infinity);
}

/** A row for each figure, with its target and, if any figure has rounds, their range. */
export function tableOfFigures(figures: readonly Figure[]): Table {
  const spread = figures.some(({ rounds }) => rounds !== undefined);
  return [
    ['', 'unit', 'measured', ...(spread ? ['range'] : []), 'target', 'met'],
    ...figures.map((figure) => {
      const met = isMet(figure);
      return [
        figure.what,
        figure.unit,
        formatNumber(figure.value),
        ...(spread ? [formatRange(figure.rounds ?? [])] : []),
        targetOf(figure),
        met === undefined ? '' : met ? 'yes' : 'NO',
      ];
    }),
  ];
}

function targetOf({ target, atLeast }: Figure): string {
  if (target !== undefined) return `≤ ${formatNumber(target)}`;
  return atLeast === undefined ? '' : `≥ ${formatNumber(atLeast)}`;
}

/** The smallest and the largest number; empty if there are none. */
export function formatRange(numbers: readonly number[]): string {
  if (numbers.length === 0) return '';
  return `${formatNumber(Math.min(...numbers))}–${formatNumber(Math.max(...numbers))}`;
}

/** No decimals from 100 on, one from 10 on, two below. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const maximumFractionDigits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { maximumFractionDigits });
}
