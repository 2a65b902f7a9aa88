import type { FoundAlert } from './alerts.ts';

/** An alert where something is so; otherwise none. */
export function when(isSo: boolean, name: FoundAlert['name'], text: string, holdMs = 0, subject = ''): FoundAlert[] {
  return isSo ? [{ name, subject, text, holdMs }] : [];
}
