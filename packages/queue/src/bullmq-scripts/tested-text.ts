import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/** A script of BullMQ. `keys`: how many of its arguments are keys. */
type BullmqScript = { readonly content: string; readonly keys: number };

/**
 * The SHA-256 of each text that the tests beside this file have compared with BullMQ's own calls. With a new release of
 * BullMQ, read what has changed, run them, and replace these.
 */
const TESTED = {
  addStandardJob: '2eee45c9ffc54d24681b737f926016a7f7464f0d32a5f87f623bffa2fc55413c',
} as const;

export type TestedScript = keyof typeof TESTED;

const require = createRequire(import.meta.url);

/**
 * The text of one of BullMQ's scripts, if it is the one that was tested.
 *
 * @returns `undefined` if the installed BullMQ has another text, or keeps it elsewhere: then only its own calls may be used
 */
export function testedText(name: TestedScript, scripts = installedScripts()): string | undefined {
  const content = scripts?.[name]?.content;
  if (content === undefined) return undefined;
  return createHash('sha256').update(content).digest('hex') === TESTED[name] ? content : undefined;
}

function installedScripts(): Readonly<Record<string, BullmqScript>> | undefined {
  try {
    // The files that BullMQ itself has loaded. They are not part of its documented interface.
    return require('bullmq/dist/cjs/scripts/index.js') as Record<string, BullmqScript>;
  } catch {
    return undefined;
  }
}
