import { execFileSync } from 'node:child_process';
import { processStat } from '@xero-webhooks/runtime/process-stat';

/** A process, such that another one that later gets its number is not taken for it. */
export type RunningProcess = {
  readonly pid: number;
  /** When it began, in the system's words; absent where the system does not tell. */
  readonly began?: string | undefined;
};

/** What to know a process by. */
export function processOf(pid: number): RunningProcess {
  return { pid, began: beginningOf(pid) };
}

/** Whether it still runs. */
export function stillRuns({ pid, began }: RunningProcess): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Another user's process: it is there.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return began === undefined || began === beginningOf(pid);
}

function beginningOf(pid: number): string | undefined {
  try {
    const fields = processStat(pid);
    // The 22nd of all fields is the beginning.
    return fields[0] === 'Z' ? 'ended' : fields[19];
  } catch {
    return beginningByPs(pid);
  }
}

/** Where there is no `/proc`, as on macOS. */
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
