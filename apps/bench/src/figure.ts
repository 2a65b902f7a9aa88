import { median } from './median.ts';
import type { Table } from './table.ts';

/** Something that was measured. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The most that it should be, in the same unit. */
  readonly target?: number;
  /** The least that it should be, where more is better. */
  readonly atLeast?: number;
  /** What it was in each round, where the value is their median. */
  readonly rounds?: readonly number[];
};

/** Makes a figure of something that was measured in several rounds: their median. */
export function figureOfRounds(what: string, unit: string, rounds: readonly number[]): Figure {
  return { what, unit, value: median(rounds), rounds };
}

/** Whether a figure is within its target; `undefined` where it has none. */
export function isMet({ value, target, atLeast }: Figure): boolean | undefined {
  if (target === undefined && atLeast === undefined) return undefined;
  return value <= (target ?? Infinity) && value >= (atLeast ?? -Infinity);
}

/** Puts figures in a table, each beside its target, and beside the least and the most of its rounds where it has some. */
export function tableOfFigures(figures: readonly Figure[]): Table {
  const spread = figures.some(({ rounds }) => rounds !== undefined);
  return [
    ['', 'unit', 'measured', ...(spread ? ['least–most'] : []), 'target', 'met'],
    ...figures.map((figure) => {
      const met = isMet(figure);
      return [
        figure.what,
        figure.unit,
        formatNumber(figure.value),
        ...(spread ? [formatSpread(figure.rounds ?? [])] : []),
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

/** Writes the least and the most of some numbers; nothing where there are none. */
export function formatSpread(numbers: readonly number[]): string {
  if (numbers.length === 0) return '';
  return `${formatNumber(Math.min(...numbers))}–${formatNumber(Math.max(...numbers))}`;
}

/** Writes a number with as many digits as say something: none after the point from 100 on, two below 10. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const maximumFractionDigits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { maximumFractionDigits });
}
