import { types } from 'node:util';
import { readField } from './read-field.ts';

/** Whether a value is an error, of any realm, or has a message and a stack like one. It never throws. */
export function isErrorLike(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (types.isNativeError(value)) return true;
  try {
    if (value instanceof Error) return true;
  } catch {
    return false;
  }
  return typeof readField(value, 'message') === 'string' && typeof readField(value, 'stack') === 'string';
}
