/** A fault in a handler module that stops the start, with a code that docs/errors.md explains. */
export class HandlersError extends Error {
  readonly code: `XW_HANDLERS_${string}`;

  constructor(code: `XW_HANDLERS_${string}`, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'HandlersError';
    this.code = code;
  }
}
