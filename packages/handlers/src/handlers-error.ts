/**
 * A fault in a handler module that prevents the start. docs/errors.md explains the codes. The message is always one line.
 */
export class HandlersError extends Error {
  readonly code: `XW_HANDLERS_${string}`;

  constructor(code: `XW_HANDLERS_${string}`, message: string, options?: ErrorOptions) {
    super(message.replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, ' ').trim(), options);
    this.name = 'HandlersError';
    this.code = code;
  }
}
