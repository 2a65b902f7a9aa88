import { boundedText } from './text.ts';
import { boundedValue } from './value.ts';

/** Longest text shown, in characters. */
const MAX_SHOWN = 200;

/** Any value in one short line. It never throws. */
export function describeValue(value: unknown): string {
  const plain = boundedValue(value, 4 * MAX_SHOWN);
  const text = typeof plain === 'string' ? plain : (JSON.stringify(plain) ?? 'undefined');
  return boundedText(text, MAX_SHOWN);
}
