/**
 * Leaves out of what Redis says the arguments of a command that it does not know: those of `AUTH` and `HELLO`, which can
 * be renamed, are passwords.
 */
export function withoutArguments(message: string): string {
  return message.replaceAll(/, with args beginning with:[^\n]*/g, '');
}
