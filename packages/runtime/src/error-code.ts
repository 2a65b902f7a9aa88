const CODE = /^XW_[A-Z_]+$/;

/** The code `XW_…` of an error of ours, whatever its class. Anybody else's error has none. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && isOurCode(error.code) ? error.code : undefined;
}

/** Whether something is a code of ours. */
export function isOurCode(code: unknown): code is string {
  return typeof code === 'string' && CODE.test(code);
}

/** Where a code is explained, from the root of the project, for example `docs/errors.md#xw_config`. */
export function explainedAt(code: string): string {
  return `docs/errors.md#${code.toLowerCase()}`;
}
