/** Tells whoever typed the command something beside its result. */
export function notice(text: string): void {
  process.stderr.write(`xw: ${text}\n`);
}
