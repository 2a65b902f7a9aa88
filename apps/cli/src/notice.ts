/** Writes a remark for the user, apart from the result. */
export function notice(text: string): void {
  process.stderr.write(`xw: ${text}\n`);
}
