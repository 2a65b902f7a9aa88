/** So much of a value is shown. */
const MOST_LETTERS = 200;

/** Puts a value that can be anything into words. Never throws, whatever it gets. */
export function describeValue(value: unknown): string {
  try {
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
    return text.slice(0, MOST_LETTERS);
  } catch {
    return 'something that cannot be shown';
  }
}
