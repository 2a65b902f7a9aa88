import { InvalidArgumentError } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads a time: a date as ISO 8601 has it, or how long ago, such as `30m`, `2h` or `7d`.
 *
 * @returns milliseconds since 1970
 */
export function timeOf(text: string): number {
  const [, count, unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== undefined) return Date.now() - Number(count) * UNITS[unit!]!;
  const time = Date.parse(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(time)) return time;
  throw new InvalidArgumentError('It must be a time such as 30m, 2h or 7d ago, or 2026-11-26T08:00:00Z.');
}

/** A time for people, in the zone of the machine. */
export function timeText(time: number): string {
  const at = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return at.toISOString().slice(0, 19).replace('T', ' ');
}
