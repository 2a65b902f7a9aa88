import { constants, copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@xero-webhooks/runtime';
import type { RunningProcess } from './running-process.ts';
import { processOf, stillRuns } from './running-process.ts';

/**
 * Reserves the folder for this start: two starts would use, and stop, the same Redis.
 *
 * @returns releases the folder
 * @throws CodedError `XW_ALREADY_RUNS` if another start that still runs has it
 */
export function claimFolder(folder: string): () => void {
  const note = join(folder, 'start.json');
  const draft = `${note}.${process.pid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(draft, JSON.stringify(processOf(process.pid)));
  try {
    while (!isLinked(draft, note)) {
      const owner = readOwner(note);
      if (owner && stillRuns(owner)) {
        throw new CodedError(
          'XW_ALREADY_RUNS',
          `"xw dev" already runs in this folder, as process ${owner.pid}: stop it first, or start in another folder`,
        );
      }
      rmSync(note, { force: true });
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => rmSync(note, { force: true });
}

/** Unlike writing a file, only one start can create a link, and nobody reads half of it. */
function isLinked(draft: string, note: string): boolean {
  return isNew(() => linkSync(draft, note)) ?? isNew(() => copyFileSync(draft, note, constants.COPYFILE_EXCL)) ?? true;
}

/** @returns false if the file already exists, `undefined` if the file system does not support this */
function isNew(make: () => void): boolean | undefined {
  try {
    make();
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? false : undefined;
  }
}

/** @returns `undefined` if the owner has just ended, or the disk was full when it started */
function readOwner(note: string): RunningProcess | undefined {
  try {
    return JSON.parse(readFileSync(note, 'utf8')) as RunningProcess;
  } catch {
    return undefined;
  }
}
