/** Writes a remark to standard error, so that it does not mix with the result. */
export function notice(text: string): void {
  process.stderr.write(`xw: ${text}\n`);
}
