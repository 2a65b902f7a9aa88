/**
 * An expected fault, with a code that docs/errors.md explains. Its message says what was wrong and what to do, in one
 * line, and never holds a secret.
 */
export class CodedError extends Error {
  readonly code: string;

  constructor(code: `XW_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CodedError';
    this.code = code;
  }
}
