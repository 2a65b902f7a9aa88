import type { Table } from './table.ts';

/** Something that was measured. */
export type Figure = {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The most that it should be, in the same unit. */
  readonly target?: number;
};

/** Whether a figure is within its target; `undefined` where it has none. */
export function isMet({ value, target }: Figure): boolean | undefined {
  return target === undefined ? undefined : value <= target;
}

/** Puts figures in a table, each beside its target. */
export function tableOfFigures(figures: readonly Figure[]): Table {
  return [
    ['', 'unit', 'measured', 'target', 'met'],
    ...figures.map((figure) => {
      const { what, value, unit, target } = figure;
      const met = isMet(figure);
      return [
        what,
        unit,
        formatNumber(value),
        target === undefined ? '' : `≤ ${formatNumber(target)}`,
        met === undefined ? '' : met ? 'yes' : 'NO',
      ];
    }),
  ];
}

/** Writes a number with as many digits as say something: none after the point from 100 on, two below 10. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const maximumFractionDigits = size >= 100 ? 0 : size >= 10 ? 1 : 2;
  return value.toLocaleString('en-GB', { maximumFractionDigits });
}
