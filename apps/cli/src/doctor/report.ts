import { styleText } from 'node:util';
import { countOf } from '../count-of.ts';
import type { Finding } from './finding.ts';

const MARKS = {
  ok: { word: 'ok', colour: 'green' },
  problem: { word: 'PROBLEM', colour: 'red' },
  warning: { word: 'warning', colour: 'yellow' },
  unknown: { word: '?', colour: 'gray' },
} as const;

/** A line for each finding, and under it what to do. */
export function reportFindings(findings: readonly Finding[]): string[] {
  const widest = Math.max(...findings.map(({ area }) => area.length));
  const lines = findings.flatMap(({ area, result, found, remedy }) => {
    const { word, colour } = MARKS[result];
    const mark = styleText(colour, word.padEnd(7), { stream: process.stdout });
    const line = `${mark}  ${area.padEnd(widest)}  ${found}`;
    return remedy === '' ? [line] : [line, `${' '.repeat(widest + 11)}→ ${remedy}`];
  });
  const count = (result: Finding['result']): number => findings.filter((one) => one.result === result).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const verdict = problems === 0 ? 'nothing needs action' : `${countOf(problems, 'problem')} to act on`;
  return [...lines, '', warnings === 0 ? verdict : `${verdict}, ${countOf(warnings, 'warning')}`];
}
