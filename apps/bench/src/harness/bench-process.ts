import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { processStat } from '@xero-webhooks/runtime/process-stat';

/** A measured process. Disposing of it sends SIGTERM and waits for its end. */
export type BenchProcess = AsyncDisposable & {
  readonly running: boolean;
  /** Since its start. */
  usage(): ProcessUsage;
  /** Resident memory now, in megabytes. */
  memory(): number;
  /** Sends a message and waits for the answer. */
  ask(question: string): Promise<unknown>;
};

export type ProcessUsage = {
  /** User and system time. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
};

/** Linux reports process times in this unit, whatever its clock's own resolution. */
const TICKS_PER_SECOND = 100;

/**
 * Starts a process as in production, but without a log line for each event: reading them would take the processor from
 * what is measured.
 *
 * @param environment its whole environment besides PATH, and besides defaults that it may override
 * @param output where its standard output goes
 */
export function startBenchProcess(
  program: string,
  environment: Readonly<Record<string, string>>,
  output: 'shown' | 'ignored' = 'shown',
): BenchProcess {
  const out = output === 'shown' ? process.stderr : 'ignore';
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', LOG_LEVEL: 'warn', ...environment },
    // The child exits when the channel closes, so that it does not outlive us.
    stdio: ['ignore', out, process.stderr, 'ipc'],
  });
  let running = true;
  const ended = once(child, 'close').then(() => {
    running = false;
  });
  return {
    get running() {
      return running;
    },
    usage: () => processUsage(child.pid!),
    memory: () => memoryOf(child.pid!, 'VmRSS'),
    async ask(question) {
      const answer = once(child, 'message');
      child.send(question);
      const [message] = (await answer) as [unknown];
      return message;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** What a process of this machine has used so far: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html. */
export function processUsage(pid: number): ProcessUsage {
  const fields = processStat(pid);
  return {
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    peakMegabytes: memoryOf(pid, 'VmHWM'),
  };
}

function memoryOf(pid: number, field: 'VmHWM' | 'VmRSS'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return Number(kilobytes) / 1024;
}
