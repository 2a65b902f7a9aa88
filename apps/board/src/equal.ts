import { createHash, timingSafeEqual } from 'node:crypto';

/** Compares in constant time, texts of any length. */
export function equal(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
