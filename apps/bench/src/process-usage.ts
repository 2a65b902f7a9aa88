import { readFileSync } from 'node:fs';
import { processStat } from '@xero-webhooks/runtime/process-stat';

/** What a process has used. */
export type ProcessUsage = {
  /** Of processor time, its own and the kernel's for it. */
  readonly cpuSeconds: number;
  /** The most memory that it has ever had, in megabytes. */
  readonly peakMegabytes: number;
};

/** Linux counts in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

/** Reads what a process of this machine has used so far: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. */
export function processUsage(pid: number): ProcessUsage {
  const fields = processStat(pid);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peakMegabytes: memoryOf(pid, 'VmHWM'),
  };
}

/** How much memory a process of this machine has just now, in megabytes. */
export function residentMegabytes(pid: number): number {
  return memoryOf(pid, 'VmRSS');
}

function memoryOf(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return Number(kilobytes) / 1024;
}
