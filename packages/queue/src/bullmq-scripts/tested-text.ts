import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

/** The BullMQ that is installed: its version, and its scripts by name. */
export type InstalledBullmq = {
  readonly version: string;
  readonly scripts: Readonly<Record<string, { readonly content: string }>>;
};

/**
 * The SHA-256 of each text that the tests beside this file have compared with BullMQ's own calls. With a new release of
 * BullMQ, read what has changed, run them, and replace these.
 */
const TESTED = {
  addStandardJob: '2eee45c9ffc54d24681b737f926016a7f7464f0d32a5f87f623bffa2fc55413c',
  addPrioritizedJob: 'd4652d1be004a3d7bfed76efdc706f2017f8dfd0080c51ab1f05457eeb1c3c77',
  moveToFinished: '8e744ec5d65dbe9e7ffb6e39a96c0268bba65e4f0b1d04e2d2a42ccb71b45a6d',
} as const;

const require = createRequire(import.meta.url);

/**
 * The text of one of BullMQ's scripts, if it is the one that was tested.
 *
 * @param name of the script in BullMQ
 * @returns `undefined` if BullMQ has another text, or keeps it elsewhere: then only its own calls may be used
 */
export function testedText(name: keyof typeof TESTED, bullmq = installedBullmq()): string | undefined {
  const content = bullmq?.scripts[name]?.content;
  if (content === undefined) return undefined;
  return createHash('sha256').update(content).digest('hex') === TESTED[name] ? content : undefined;
}

/** @returns `undefined` if its files are not where they were: they are no part of its documented interface */
export function installedBullmq(): InstalledBullmq | undefined {
  try {
    // The files that BullMQ itself has loaded.
    const { version } = require('bullmq/dist/cjs/version.js') as Pick<InstalledBullmq, 'version'>;
    return { version, scripts: require('bullmq/dist/cjs/scripts/index.js') as InstalledBullmq['scripts'] };
  } catch {
    return undefined;
  }
}
