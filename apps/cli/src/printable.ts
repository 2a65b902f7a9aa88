/**
 * Text from outside as it may be printed: without control characters, which can clear a terminal, rewrite what stands
 * on it, or end a line.
 */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- that is what is looked for
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F\u2028\u2029\u202A-\u202E\u2066-\u2069]/g, '\uFFFD');
}
