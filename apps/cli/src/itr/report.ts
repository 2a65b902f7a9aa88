import { styleText } from 'node:util';
import { printable } from '../printable.ts';
import type { Check } from './check.ts';

const MARKS = {
  ok: { word: 'ok', colour: 'green' },
  failed: { word: 'FAILED', colour: 'red' },
  warning: { word: 'warning', colour: 'yellow' },
  skipped: { word: 'skipped', colour: 'gray' },
} as const;

/** A line for each check, and under each that failed what to change. */
export function reportChecks(url: string, checks: readonly Check[]): string[] {
  const widest = Math.max(...checks.map(({ title }) => title.length));
  const lines = checks.flatMap(({ title, result, found, fix, rule }) => {
    const { word, colour } = MARKS[result];
    const mark = styleText(colour, word.padEnd(7), { stream: process.stdout });
    const line = `${mark}  ${title.padEnd(widest)}  ${printable(found)}`.trimEnd();
    return fix === '' ? [line] : [line, `         → ${fix}`, `           ${rule}`];
  });
  const count = (result: Check['result']): number => checks.filter((one) => one.result === result).length;
  const failed = count('failed');
  const warnings = count('warning');
  const verdict =
    failed === 0
      ? `${url} passes the intent to receive`
      : `${url} does NOT pass: ${failed} ${failed === 1 ? 'check' : 'checks'} failed`;
  return [
    ...lines,
    '',
    warnings === 0 ? verdict : `${verdict}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`,
  ];
}
