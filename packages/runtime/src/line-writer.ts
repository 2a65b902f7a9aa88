import { writeSync } from 'node:fs';

/** Where the lines of a log go. It never throws. */
export type LineWriter = {
  write(line: string): void;
  /** How many lines could not be written. */
  lost(): number;
};

type Options = {
  /** Writes some bytes at once and says how many. @defaultValue to standard output */
  writeBytes?: (bytes: Uint8Array) => number;
  /** Told of the first line that is lost, and why. @defaultValue says so on standard error */
  complain?: (error: Error) => void;
};

/** How long a full pipe is left alone before it is tried again, in milliseconds. */
const PAUSE_MS = 10;

/**
 * Writes lines synchronously, so that none is pending at exit.
 *
 * A line that cannot be written, because the disk is full or a limit is reached, is lost: what the process does is worth
 * more than what it says about it. Nothing is kept for later, which would take ever more memory. Once the reader is gone
 * nothing is written any more.
 */
export function createLineWriter({
  writeBytes = toStandardOutput,
  complain = toStandardError,
}: Options = {}): LineWriter {
  let lost = 0;
  let readerGone = false;
  /** Whether only the beginning of the last line has been written: then the next one begins a line of its own. */
  let cut = false;

  function lose(error: Error): void {
    if (codeOf(error) === 'EPIPE') readerGone = true;
    else if (lost === 0) complain(error);
    lost += 1;
  }

  return {
    write(line) {
      if (readerGone) return;
      const bytes = Buffer.from(cut ? `\n${line}` : line);
      let written = 0;
      try {
        while (written < bytes.length) written += writeSome(writeBytes, bytes.subarray(written));
        cut = false;
      } catch (error) {
        cut = written > 0 || cut;
        lose(error as Error);
      }
    },
    lost: () => lost,
  };
}

/** Writes as many bytes as go; none where the pipe is full, which a synchronous writer has to wait out. */
function writeSome(writeBytes: (bytes: Uint8Array) => number, bytes: Uint8Array): number {
  try {
    return writeBytes(bytes);
  } catch (error) {
    if (!['EAGAIN', 'EBUSY', 'EINTR'].includes(codeOf(error) ?? '')) throw error;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    return 0;
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

function toStandardOutput(bytes: Uint8Array): number {
  return writeSync(1, bytes);
}

function toStandardError({ message }: Error): void {
  try {
    writeSync(2, `log lines cannot be written and are lost: ${message}\n`);
  } catch {
    // It may be the same full disk.
  }
}

/** What all loggers of the process write to. */
export const standardOutput: LineWriter = createLineWriter();
