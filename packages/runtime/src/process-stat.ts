import { readFileSync } from 'node:fs';

/**
 * What Linux says of a process (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html), from the third field on: its
 * state, the process that started it, …
 *
 * @throws the system's error where the process is gone, or there is no `/proc`
 */
export function processStat(pid: number | string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in the second field, in brackets, can have spaces and brackets in it.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}
