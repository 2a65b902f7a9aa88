/**
 * A fault in a handler module that stops the start, with a code that docs/errors.md explains. Its message is one line,
 * whatever the module's names and errors have in them.
 */
export class HandlersError extends Error {
  readonly code: `XW_HANDLERS_${string}`;

  constructor(code: `XW_HANDLERS_${string}`, message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim(), options);
    this.name = 'HandlersError';
    this.code = code;
  }
}
