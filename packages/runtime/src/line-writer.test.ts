import { describe, expect, it } from 'vitest';
import { createLineWriter } from './line-writer.ts';

/** Something to write to that fails in the given way at each call, or takes so many bytes, or all. */
function destination(...calls: (string | number)[]): { writeBytes: (bytes: Uint8Array) => number; text: () => string } {
  let text = '';
  return {
    text: () => text,
    writeBytes(bytes) {
      const call = calls.shift() ?? bytes.length;
      if (typeof call === 'string') throw Object.assign(new Error(`${call}: write`), { code: call });
      text += Buffer.from(bytes.subarray(0, call)).toString();
      return call;
    },
  };
}

/** Writes lines to it, and tells what came of them. */
function write(
  lines: readonly string[],
  ...calls: (string | number)[]
): { text: string; lost: number; complaints: string[] } {
  const { writeBytes, text } = destination(...calls);
  const complaints: string[] = [];
  const writer = createLineWriter({ writeBytes, complain: ({ message }) => complaints.push(message) });
  for (const line of lines) writer.write(line);
  return { text: text(), lost: writer.lost(), complaints };
}

describe('the writer of lines', () => {
  it('writes the rest of a line that did not go at once', () => {
    expect(write(['one\n', 'two\n'], 2)).toEqual({ text: 'one\ntwo\n', lost: 0, complaints: [] });
  });

  it('waits for a pipe that is full', () => {
    expect(write(['one\n'], 'EAGAIN', 1, 'EAGAIN')).toEqual({ text: 'one\n', lost: 0, complaints: [] });
  });

  it('loses the lines that cannot be written, counts them and says so once', () => {
    expect(write(['one\n', 'two\n', 'three\n'], 'ENOSPC', 'EFBIG')).toEqual({
      text: 'three\n',
      lost: 2,
      complaints: ['ENOSPC: write'],
    });
  });

  it('begins a line of its own after one that was cut off', () => {
    expect(write(['one\n', 'two\n', 'three\n'], 2, 'ENOSPC', 'ENOSPC')).toMatchObject({ text: 'on\nthree\n', lost: 2 });
  });

  it('writes nothing more, and does not complain, once the reader is gone', () => {
    expect(write(['one\n', 'two\n'], 'EPIPE')).toEqual({ text: '', lost: 1, complaints: [] });
  });
});
