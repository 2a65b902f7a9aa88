import { XW } from './xw.ts';

/** A command, and what it is for. */
type NextCommand = { readonly about: string; readonly command: string };

/** The command that is of use after a line of the log: an event that failed is run again, or dropped. */
export function commandFor(fields: Readonly<Record<string, unknown>>): NextCommand | undefined {
  const { key, outcome, code, error } = fields;
  // A key is made of hash and base64url; nothing else is put into what people paste into a shell.
  if (typeof key !== 'string' || !/^[\w-]+$/.test(key)) return undefined;
  if (outcome === 'dead') return { about: 'run it again', command: `${XW} failed retry ${key}` };
  if (outcome !== 'waiting') return undefined;
  if (code === 'XW_HANDLER_MISSING') {
    return { about: 'if it was renamed, once the event is a dead letter', command: `${XW} failed drop ${key}` };
  }
  return error === undefined ? undefined : { about: 'run it now', command: `${XW} delayed run ${key}` };
}
