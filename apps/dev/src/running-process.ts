import { execFileSync } from 'node:child_process';
import { processStat } from '@xero-webhooks/runtime/process-stat';

/** Identifies a process even if another one later gets its number. */
export type RunningProcess = {
  readonly pid: number;
  /** When it started, as the system writes it; absent if the system does not tell. */
  readonly began?: string | undefined;
};

export function processOf(pid: number): RunningProcess {
  return { pid, began: beginningOf(pid) };
}

export function stillRuns({ pid, began }: RunningProcess): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: the process exists, but belongs to another user.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return began === undefined || began === beginningOf(pid);
}

function beginningOf(pid: number): string | undefined {
  try {
    const fields = processStat(pid);
    // Field 22 of all is the start time.
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return beginningByPs(pid);
  }
}

/** For systems without `/proc`, such as macOS. */
function beginningByPs(pid: number): string | undefined {
  try {
    const answer = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return answer.trim() || undefined;
  } catch {
    return undefined;
  }
}
